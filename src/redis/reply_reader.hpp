#pragma once

#include <aerie/redis/reply.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct redisReader;
struct redisReadTask;

namespace aerie { inline namespace v1 { namespace redis {

/// Makes replies of the bytes that a server sends: hiredis' reader, with limits on what it takes. Belongs to
/// one thread.
class ReplyReader {
 public:
  enum class Step : std::uint8_t { reply, need_more, malformed };

  explicit ReplyReader(ReplyLimits limits = {});
  ~ReplyReader();
  ReplyReader(ReplyReader const&) = delete;
  ReplyReader& operator=(ReplyReader const&) = delete;

  /// Adds what has arrived. hiredis moves what it has not read whenever it has read a part, so what is added
  /// at once should be little: `slice`.
  static constexpr std::size_t slice = 8 * 1024;
  void feed(std::string_view bytes);
  /// Takes the next reply. After `malformed` there are no more: `error` says why.
  Step next(Reply& reply);
  std::string const& error() const noexcept { return error_; }

 private:
  struct Callbacks;
  struct Free {
    void operator()(redisReader* reader) const noexcept;
  };

  Reply* place(redisReadTask const& task, std::size_t bytes) noexcept;
  Step fail(std::string_view why);
  bool waits_for_too_much() const noexcept;

  ReplyLimits limits_;
  std::unique_ptr<redisReader, Free> reader_;
  Reply root_;
  std::size_t bytes_ = 0;
  std::size_t elements_ = 0;
  char const* refused_ = nullptr;
  std::string error_;
};

}}}  // namespace aerie::v1::redis
