#include "engineio/transport_types.hpp"

#include <algorithm>
#include <array>

namespace aerie { inline namespace v1 { namespace engineio {

namespace {

constexpr std::array from_polling{TransportKind::websocket};

constexpr std::array types{
    TransportType{TransportKind::polling, "polling", false, from_polling},
    TransportType{TransportKind::websocket, "websocket", true, {}},
};

}  // namespace

std::span<TransportType const> transport_types() noexcept {
  return types;
}

TransportType const* type_of(TransportKind kind) noexcept {
  auto const found = std::ranges::find(types, kind, &TransportType::kind);
  return found == types.end() ? nullptr : &*found;
}

bool can_upgrade(TransportKind from, TransportKind to) noexcept {
  auto const* const type = type_of(from);
  return type != nullptr && std::ranges::find(type->upgrades_to, to) != type->upgrades_to.end();
}

std::string_view to_string(TransportKind kind) noexcept {
  auto const* const type = type_of(kind);
  return type == nullptr ? std::string_view() : type->name;
}

}}}  // namespace aerie::v1::engineio
