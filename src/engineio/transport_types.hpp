#pragma once

#include <aerie/engineio/options.hpp>

#include <span>
#include <string_view>

namespace aerie { inline namespace v1 { namespace engineio {

/// What there is to know of a transport before a client uses it. Whoever adds one adds its line to the list.
struct TransportType {
  TransportKind kind;
  std::string_view name;
  /// How it is opened: by a request to upgrade the connection (RFC 6455), or by any other.
  bool by_upgrade_request;
  /// The transports that a session may leave it for, the best one last.
  std::span<TransportKind const> upgrades_to;
};

/// All of them.
std::span<TransportType const> transport_types() noexcept;

/// Null for a value that names none.
TransportType const* type_of(TransportKind kind) noexcept;

bool can_upgrade(TransportKind from, TransportKind to) noexcept;

}}}  // namespace aerie::v1::engineio
