#include "http/repeated_headers.hpp"

#include <aerie/http/request_head.hpp>

#include <algorithm>
#include <array>

namespace aerie { inline namespace v1 { namespace http {

namespace {

constexpr std::array<std::string_view, 18> single_names{
    "age",           "authorization", "content-length", "content-type",        "etag",
    "expires",       "from",          "host",           "if-modified-since",   "if-unmodified-since",
    "last-modified", "location",      "max-forwards",   "proxy-authorization", "referer",
    "retry-after",   "server",        "user-agent"};

}  // namespace

RepeatRule repeat_rule(std::string_view name) noexcept {
  if (equal_ignoring_case(name, "cookie")) return RepeatRule::cookies;
  if (equal_ignoring_case(name, "set-cookie")) return RepeatRule::each;
  auto const is_single =
      std::ranges::any_of(single_names, [&](auto single) { return equal_ignoring_case(name, single); });
  return is_single ? RepeatRule::first : RepeatRule::list;
}

}}}  // namespace aerie::v1::http
