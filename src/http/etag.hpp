#pragma once

#include "http/characters.hpp"

#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// Whether an If-None-Match has `tag` or `*` (weak comparison, RFC 9110 §13.1.2).
inline bool matches_tag(std::string_view if_none_match, std::string_view tag) {
  bool found = false;
  each_element(if_none_match, [&](std::string_view one) {
    if (one.starts_with("W/")) one.remove_prefix(2);
    found = found || one == tag || one == "*";
  });
  return found;
}

}}}  // namespace aerie::v1::http
