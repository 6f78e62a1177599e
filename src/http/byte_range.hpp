#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// The bytes of a file that a request asks for.
struct ByteRange {
  std::uint64_t begin = 0;
  std::uint64_t size = 0;
};

/// What a Range header comes to (RFC 9110 §14.1.2).
struct RangeRequest {
  enum class Kind : std::uint8_t {
    /// There is none, or none that is understood: several ranges, another unit. The whole is sent.
    whole,
    part,
    /// Nothing of it is in the file: 416.
    unsatisfiable
  };
  Kind kind = Kind::whole;
  ByteRange range = {};
};

/// `header` is the value of Range, `size` the file's.
RangeRequest read_range(std::string_view header, std::uint64_t size) noexcept;

}}}  // namespace aerie::v1::http
