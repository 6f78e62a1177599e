#include <aerie/http/request.hpp>

namespace aerie::inline v1::http {

std::string_view Request::parameter(std::string_view name) const noexcept {
  for (auto const& [key, value] : parameters) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace aerie::inline v1::http
