#include <aerie/http/authorization.hpp>
#include <aerie/http/request_head.hpp>

#include <algorithm>

namespace aerie { inline namespace v1 { namespace http {

std::string_view bearer_token(std::string_view authorization) noexcept {
  constexpr std::string_view scheme = "Bearer ";
  if (!equal_ignoring_case(authorization.substr(0, scheme.size()), scheme)) return {};
  authorization.remove_prefix(scheme.size());
  authorization.remove_prefix(std::min(authorization.find_first_not_of(' '), authorization.size()));
  return authorization;
}

}}}  // namespace aerie::v1::http
