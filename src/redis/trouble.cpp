#include "redis/trouble.hpp"

#include <aerie/redis/client.hpp>

#include <algorithm>
#include <array>

namespace aerie { inline namespace v1 { namespace redis {

Trouble trouble_of(Reply const& error) noexcept {
  auto const code = error.error_code();
  if (code == "NOAUTH" || code == "WRONGPASS") return Trouble::not_authenticated;
  if (code == "NOPERM") return Trouble::no_permission;
  if (code == "LOADING") return Trouble::loading;
  if (code == "READONLY") return Trouble::read_only;
  if (code == "CLUSTERDOWN") return Trouble::cluster_down;
  return Trouble::refused;
}

bool is_passing(Reply const& error) noexcept {
  constexpr std::array<std::string_view, 8> codes{"LOADING",    "BUSY",       "OOM",      "MISCONF",
                                                  "NOREPLICAS", "MASTERDOWN", "TRYAGAIN", "CLUSTERDOWN"};
  return std::find(codes.begin(), codes.end(), error.error_code()) != codes.end();
}

std::string_view name_of(Trouble trouble) noexcept {
  switch (trouble) {
    case Trouble::none:
      return "none";
    case Trouble::unreachable:
      return "unreachable";
    case Trouble::tls:
      return "TLS";
    case Trouble::connection_lost:
      return "connection lost";
    case Trouble::unresponsive:
      return "unresponsive";
    case Trouble::protocol:
      return "protocol";
    case Trouble::not_authenticated:
      return "not authenticated";
    case Trouble::no_permission:
      return "no permission";
    case Trouble::loading:
      return "loading";
    case Trouble::read_only:
      return "read only";
    case Trouble::cluster_down:
      return "cluster down";
    case Trouble::refused:
      return "refused";
  }
  return "?";
}

std::string_view Answer::why() const noexcept {
  switch (error) {
    case CommandError::none:
      return reply.is_error() ? reply.text() : std::string_view();
    case CommandError::timed_out:
      return "Redis has not answered in time";
    case CommandError::connection_lost:
      return "the connection to Redis was lost before it answered";
    case CommandError::not_sent:
      return "there was no connection to Redis, or it did not take it, in time";
    case CommandError::outbox_full:
      return "too much waits to be sent to Redis (ClientOptions::outbox_limit)";
  }
  return {};
}

}}}  // namespace aerie::v1::redis
