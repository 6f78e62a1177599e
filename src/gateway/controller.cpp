#include <aerie/gateway/controller.hpp>
#include <aerie/http/response.hpp>

namespace aerie { inline namespace v1 {

ControllerRouteBuilder& ControllerRouteBuilder::header(std::string_view name, std::string_view value) {
  std::string checked;
  http::append_header(checked, name, value);
  route_.headers.emplace_back(name, value);
  return *this;
}

}}  // namespace aerie::v1
