#pragma once

#include <aerie/http/request_head.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// Writes a RequestHead into its one block of memory.
class HeadBuilder {
 public:
  static constexpr std::size_t longest_name = RequestHead::first_known - 1;
  /// Bytes of the block that a header line takes, given its number.
  static constexpr std::size_t line_size(std::uint16_t number, std::size_t name_size,
                                         std::size_t value_size) {
    if (number >= RequestHead::first_known_line) return sizeof number;
    return 2 * sizeof number + (number == 0 ? name_size : 0) + value_size;
  }
  /// The number of a line that is kept as one, or else of its name if that is; 0 if neither is.
  static std::uint16_t number_of(std::string_view name, std::string_view value) noexcept;

  struct Facts {
    Method method;
    std::uint8_t minor;
    bool keep_alive;
    bool upgrade;
  };

  /// `target` is completed to `/` or `/?...` where an absolute-form target had no path. `lines_size` is what
  /// all header lines take together.
  HeadBuilder(std::string_view target, std::size_t lines_size);

  /// REQUIRES: name and value are shorter than `RequestHead::first_known`; `number` is theirs.
  void add(std::uint16_t number, std::string_view name, std::string_view value) noexcept;
  RequestHead finish(Facts facts) noexcept;

 private:
  void append(std::string_view text) noexcept;
  void append_number(std::size_t number) noexcept;

  RequestHead head_;
  char* at_;
};

}}}  // namespace aerie::v1::http
