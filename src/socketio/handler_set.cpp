#include "socketio/event_name.hpp"

#include <aerie/core/log.hpp>
#include <aerie/socketio/handler_set.hpp>

#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

ListenerId HandlerSet::add(std::string_view event, std::shared_ptr<EventHandler> handler) {
  require_listenable(event);
  auto const id = next("a handler");
  events[std::string(event)].append(id, std::move(handler));
  return id;
}

bool HandlerSet::remove(std::string_view event, ListenerId id) {
  require_open("removing a handler");
  auto const found = events.find(event);
  return found != events.end() && found->second.remove(id);
}

void HandlerSet::remove(std::string_view event) {
  require_open("removing a handler");
  // The name stays: whoever is looking at its entry goes on.
  if (auto const found = events.find(event); found != events.end()) found->second.clear();
}

void HandlerSet::remove_all() {
  require_open("removing a handler");
  for (auto& [event, handlers] : events)
    handlers.clear();
  connection.clear();
  disconnecting.clear();
  disconnect.clear();
  any.clear();
  error.clear();
  for (auto& [event, handlers] : server_side)
    handlers.clear();
  rooms = {};
}

ListenerId HandlerSet::add_connection(std::shared_ptr<EventHandler> handler) {
  auto const id = next("a connection handler");
  connection.append(id, std::move(handler));
  return id;
}

ListenerId HandlerSet::add_disconnecting(std::shared_ptr<EventHandler> handler) {
  auto const id = next("a disconnecting handler");
  disconnecting.append(id, std::move(handler));
  return id;
}

ListenerId HandlerSet::add_disconnect(std::shared_ptr<EventHandler> handler) {
  auto const id = next("a disconnect handler");
  disconnect.append(id, std::move(handler));
  return id;
}

ListenerId HandlerSet::add_any(AnyFunction listener) {
  auto const id = next("a catch-all listener");
  any.append(id, std::make_shared<AnyFunction const>(std::move(listener)));
  return id;
}

void HandlerSet::remove_any(ListenerId id) {
  require_open("removing a catch-all listener");
  any.remove(id);
}

void HandlerSet::set_otherwise(OtherwiseFunction function) {
  require_open("a handler of what is not handled");
  otherwise = std::move(function);
}

ListenerId HandlerSet::add_error(ErrorFunction listener) {
  auto const id = next("an error listener");
  error.append(id, std::make_shared<ErrorFunction const>(std::move(listener)));
  return id;
}

ListenerId HandlerSet::add_expired(ExpiredFunction listener) {
  auto const id = next("a listener to expired sessions");
  expired.append(id, std::make_shared<ExpiredFunction const>(std::move(listener)));
  return id;
}

ListenerId HandlerSet::add_middleware(Middleware middleware) {
  auto const id = next("a middleware");
  middlewares.append(id, std::make_shared<Middleware const>(std::move(middleware)));
  return id;
}

ListenerId HandlerSet::add_server_side(std::string_view event, std::shared_ptr<ServerSideHandler> handler) {
  require_server_side(event);
  auto const id = next("a handler of events of servers");
  server_side[std::string(event)].append(id, std::move(handler));
  return id;
}

ListenerId HandlerSet::add_room(ListenerList<RoomListeners::RoomFunction const> RoomListeners::*list,
                                RoomListeners::RoomFunction listener) {
  auto const id = next("a listener to rooms");
  (rooms.*list).append(id, std::make_shared<RoomListeners::RoomFunction const>(std::move(listener)));
  rooms.any = true;
  return id;
}

ListenerId HandlerSet::add_room(ListenerList<RoomListeners::MemberFunction const> RoomListeners::*list,
                                RoomListeners::MemberFunction listener) {
  auto const id = next("a listener to rooms");
  (rooms.*list).append(id, std::make_shared<RoomListeners::MemberFunction const>(std::move(listener)));
  rooms.any = true;
  return id;
}

void HandlerSet::set_drop_oldest(std::string_view event, std::size_t keep) {
  require_not_reserved(event);
  if (keep == 0) {
    throw std::invalid_argument(core::concat("aerie: drop_oldest(\"", event,
                                             "\", 0) would keep none of these events; keep at least the "
                                             "last one, or emit them with volatile_()"));
  }
  require_open("a rule for an event");
  drop_oldest.insert_or_assign(std::string(event), DropOldest{keep});
}

ListenerId HandlerSet::next(std::string_view what) {
  require_open(what);
  return ListenerId{++last_};
}

void HandlerSet::require_open(std::string_view what) const {
  if (!seal_ || !seal_->closed.load(std::memory_order_relaxed)) return;
  throw std::logic_error(core::concat(
      "aerie: too late for ", what,
      ": with RuntimeOptions::threads > 1 every thread reads what was registered with a namespace; "
      "register before the server listens, in on_new_namespace, or with one socket (socket.on)"));
}

}}}  // namespace aerie::v1::socketio
