#include <aerie/core/production.hpp>

#include <cstdlib>
#include <string_view>

namespace aerie { inline namespace v1 { namespace core {

bool is_production() noexcept {
  auto const* const mode = std::getenv("NODE_ENV");
  return mode != nullptr && std::string_view(mode) == "production";
}

}}}  // namespace aerie::v1::core
