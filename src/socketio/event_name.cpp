#include "socketio/event_name.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/socketio/packet.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace aerie { inline namespace v1 { namespace socketio {

namespace {

struct NoEvent {
  std::string_view name;
  std::string_view remedy;
};

/// What Socket.IO reserves, and what its users write on servers and sockets of Node.js. No client can be told
/// apart from the server that causes the others there, so that none of them may be one's own event here.
constexpr std::array<NoEvent, 10> no_events{{
    {"connection", "use on_connection"},
    {"connect", "use on_connection"},
    {"disconnect", "use on_disconnect"},
    {"disconnection", "use on_disconnect"},
    {"disconnecting", "use on_disconnecting"},
    {"error", "use on_error"},
    {"connect_error", "only clients hear of it: a middleware that throws aerie::ConnectError causes it"},
    {"new_namespace", "use Server::on_new_namespace"},
    {"newListener", "listeners are not told of each other"},
    {"removeListener", "listeners are not told of each other"},
}};

}  // namespace

void EventName::decode(Args const& elements) {
  // A parser's own format may throw at what it has let pass before: then there is no name.
  auto element = core::try_user([&] { return elements[0]; });
  auto const name = element ? element.take() : Value();
  if (!name.is_string() && !name.is_number()) return;
  decoded_ = name.is_string() ? std::string(name.as_string()) : json::stringify(name);
  text_ = decoded_;
}

void require_listenable(std::string_view event) {
  auto const found = std::ranges::find(no_events, event, &NoEvent::name);
  if (found == no_events.end()) return;
  throw std::invalid_argument(core::concat(
      "aerie: \"", event, "\" is a reserved event name, not an event of a client; ", found->remedy));
}

void require_not_reserved(std::string_view event) {
  if (!is_reserved_event(event)) return;
  throw std::invalid_argument(core::concat("aerie: \"", event, "\" is a reserved event name"));
}

void require_server_side(std::string_view event) {
  if (event != "connect" && event != "connection" && event != "new_namespace") return;
  throw std::invalid_argument(core::concat("aerie: \"", event, "\" is a reserved event name"));
}

}}}  // namespace aerie::v1::socketio
