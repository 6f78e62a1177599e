#include <aerie/http/request.hpp>

namespace aerie { inline namespace v1 { namespace http {

std::string_view Request::parameter(std::string_view name) const noexcept {
  for (auto const& [key, value] : parameters) {
    if (key == name) return value;
  }
  return {};
}

}}}  // namespace aerie::v1::http
