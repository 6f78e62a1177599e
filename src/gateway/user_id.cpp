#include "gateway/token_life.hpp"

#include <aerie/core/log.hpp>
#include <aerie/gateway/user_id.hpp>

namespace aerie { inline namespace v1 { namespace gateway {

std::string user_or_client(ExecutionContext const& context) {
  if (auto const* const user = context.find<UserId>()) return core::concat("user ", user->id);
  if (auto const* const token = context.find<TokenLife>(); token != nullptr && !token->subject.empty())
    return core::concat("user ", token->subject);
  return core::concat("client ", context.client_id());
}

}}}  // namespace aerie::v1::gateway
