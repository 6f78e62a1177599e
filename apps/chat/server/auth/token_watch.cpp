#include "auth/token_watch.hpp"

#include "errors.hpp"

#include <aerie/core/sleep.hpp>

#include <chrono>

namespace chat {

aerie::Task<void> TokenWatch::watch(aerie::Socket& socket, Identity const& identity) const {
  auto const left = identity.expires_at - clock_.wall();
  co_await aerie::sleep_for(std::chrono::ceil<std::chrono::milliseconds>(left));
  TokenNews const news{ErrorCode::expired_token, true};
  socket.emit("tokenExpired", news);
  co_await aerie::sleep_for(config_.token_grace);
  socket.disconnect();
}

}  // namespace chat
