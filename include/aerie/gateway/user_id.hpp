#pragma once

/// \file
/// Who a client is, for what is counted or kept by user.

#include <aerie/core/api.hpp>
#include <aerie/gateway/execution_context.hpp>

#include <concepts>
#include <string>
#include <type_traits>
#include <utility>

namespace aerie { inline namespace v1 {

/// The user of a client, as a guard of the application has found: `context.set(aerie::UserId{...})`. Behind a
/// JwtGuard it is the token's subject (`sub`) without that.
struct AERIE_API UserId {
  /// What the application tells its users apart by.
  std::string id;
};

/// The `id` of a type that handlers extract, as a text: for ThrottleOptions::by and IdempotencyOptions::by.
template <class User>
std::string id_of_user(ExecutionContext& context) {
  auto const& user = User::extract(context);
  if constexpr (std::integral<std::remove_cvref_t<decltype(user.id)>>) {
    return std::to_string(user.id);
  } else {
    return std::string(user.id);
  }
}

namespace gateway {
/// Who the client is, in a text that no other client can have: its user (UserId, or the subject of its
/// token), else its connection, which stays the same when its session is recovered.
AERIE_API std::string user_or_client(ExecutionContext const& context);
}  // namespace gateway

}}  // namespace aerie::v1
