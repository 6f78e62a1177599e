#include "http/characters.hpp"

#include <aerie/http/etag.hpp>

namespace aerie { inline namespace v1 { namespace http {

bool matches_tag(std::string_view if_none_match, std::string_view tag) noexcept {
  bool found = false;
  each_element(if_none_match, [&](std::string_view one) {
    if (one.starts_with("W/")) one.remove_prefix(2);
    found = found || one == tag || one == "*";
  });
  return found;
}

}}}  // namespace aerie::v1::http
