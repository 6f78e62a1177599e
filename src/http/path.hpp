#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// What a path means, decided once for services, routes and files alike (services find their prefix in the
/// path as it was sent). The path is split at its slashes first and each segment decoded then (RFC 3986
/// §2.4), so an encoded slash stays within its segment.
class Path {
 public:
  enum class Kind : std::uint8_t {
    good,
    /// A segment is `.` or `..`, or has one behind an encoded slash or a backslash: nothing below such a path
    /// is what it says.
    dotted,
    /// An escape is broken, or stands for a byte that is no part of UTF-8, or for NUL.
    malformed
  };

  explicit Path(std::string_view raw);
  Path(Path const&) = delete;
  Path& operator=(Path const&) = delete;

  Kind kind() const noexcept { return kind_; }
  /// The path with nothing encoded but `/` and `%` within segments (`%2F`, `%25`): two paths that mean the
  /// same are the same here. A view of the raw path if that has no escapes.
  std::string_view text() const noexcept { return text_; }

 private:
  std::string_view text_;
  std::string decoded_;
  Kind kind_ = Kind::good;
};

/// A segment of a pattern or prefix, as `Path::text` shows it; unchanged if it is malformed.
std::string normal_path(std::string_view raw);

}}}  // namespace aerie::v1::http
