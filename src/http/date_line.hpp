#pragma once

#include <aerie/core/clock.hpp>
#include <aerie/core/shard.hpp>

#include <array>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// A time as HTTP writes it (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
std::string http_date(core::WallTime time);

/// The Date header, formatted at most once per second. Belongs to one shard.
class DateLine {
 public:
  std::string_view at(core::Shard const& shard);

 private:
  core::TimePoint valid_until_ = core::TimePoint::min();
  std::string text_;
};

}}}  // namespace aerie::v1::http
