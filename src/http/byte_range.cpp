#include "http/byte_range.hpp"

#include "http/characters.hpp"

#include <aerie/core/ascii.hpp>
#include <aerie/http/request_head.hpp>

#include <algorithm>
#include <charconv>

namespace aerie { inline namespace v1 { namespace http {

namespace {

constexpr std::string_view unit = "bytes=";

/// A number of digits only; what does not fit is as large as can be.
std::optional<std::uint64_t> number_of(std::string_view digits) noexcept {
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), core::is_digit)) return std::nullopt;
  std::uint64_t number = 0;
  auto const result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return result.ec == std::errc{} ? number : UINT64_MAX;
}

RangeRequest part(std::uint64_t begin, std::uint64_t end) noexcept {
  if (begin >= end) return {RangeRequest::Kind::unsatisfiable, {}};
  return {RangeRequest::Kind::part, {begin, end - begin}};
}

}  // namespace

RangeRequest read_range(std::string_view header, std::uint64_t size) noexcept {
  if (header.size() < unit.size() || !equal_ignoring_case(header.substr(0, unit.size()), unit)) return {};
  auto const range = trim(header.substr(unit.size()));
  auto const dash = range.find('-');
  if (dash == range.npos) return {};
  auto const first = trim(range.substr(0, dash));
  auto const last = trim(range.substr(dash + 1));
  if (first.empty()) {
    auto const suffix = number_of(last);
    if (!suffix) return {};
    return part(size - std::min(*suffix, size), size);
  }
  auto const begin = number_of(first);
  auto const end = last.empty() ? UINT64_MAX : number_of(last);
  if (!begin || !end || *end < *begin) return {};
  return part(*begin, *end >= size ? size : *end + 1);
}

}}}  // namespace aerie::v1::http
