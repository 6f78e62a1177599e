#pragma once

#include <aerie/http/request_head.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aerie::inline v1::http {

/// Writes a RequestHead into its one block of memory.
class HeadBuilder {
 public:
  /// Bytes of the block that a header line takes beside its name and its value.
  static constexpr std::size_t line_overhead = 2 * sizeof(std::uint16_t);

  struct Facts {
    Method method;
    std::uint8_t minor;
    bool keep_alive;
    bool upgrade;
  };

  /// `target` is completed to `/` or `/?...` where an absolute-form target had no path. `lines_size` is what
  /// all header lines take together.
  HeadBuilder(std::string_view target, std::size_t lines_size);

  /// REQUIRES: name and value are shorter than 64 KiB.
  void add(std::string_view name, std::string_view value) noexcept;
  /// Adds many lines at once: `text` has each preceded by the end of the one before, and `: ` within it. The
  /// lengths are then written over these, by `set_sizes` for each line.
  void add_text(std::string_view text) noexcept { append(text); }
  /// A line of `add_text`; `from_end` is how far before the end of the text its name begins.
  void set_sizes(std::size_t from_end, std::size_t name_size, std::size_t value_size) noexcept;
  RequestHead finish(Facts facts) noexcept;

 private:
  void append(std::string_view text) noexcept;
  static void store(char* at, std::size_t size) noexcept;

  RequestHead head_;
  char* at_;
};

}  // namespace aerie::inline v1::http
