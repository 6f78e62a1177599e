#pragma once

#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace load {

/// Inflates the messages of one connection with permessage-deflate (RFC 7692 §7.2.2), whether the server
/// keeps its context from message to message or not.
class Inflater {
 public:
  /// Throws std::bad_alloc if zlib gets no memory.
  Inflater();

  /// The message of a frame; valid until the next call. Throws std::runtime_error if that was not compressed
  /// rightly.
  std::string_view inflate(std::string_view payload);

 private:
  void feed(std::string_view bytes);

  struct End {
    void operator()(z_stream_s* stream) const noexcept;
  };
  std::unique_ptr<z_stream_s, End> stream_;
  std::string message_;
};

}  // namespace load
