#pragma once

/// \file
/// What was registered with a namespace.

#include <aerie/core/api.hpp>
#include <aerie/socketio/handler.hpp>
#include <aerie/socketio/listener_list.hpp>
#include <aerie/socketio/middleware.hpp>
#include <aerie/socketio/recovery.hpp>
#include <aerie/socketio/server_side.hpp>
#include <aerie/socketio/socket_state.hpp>

#include <atomic>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

/// A handler that has thrown.
struct HandlerError {
  /// The socket whose handler it was.
  Socket& socket;
  /// The event; "connection", "disconnecting" or "disconnect" for those handlers.
  std::string_view event;
  /// What was thrown.
  std::exception_ptr error;
};

namespace socketio {

/// Whether the handlers of a server's namespaces may still be changed. With several shards they may not once
/// it serves: every shard reads them, without a lock.
struct Seal {
  std::atomic<bool> closed{false};
};

/// What is called when rooms of this process change.
struct RoomListeners {
  using RoomFunction = std::function<void(std::string_view room)>;
  using MemberFunction = std::function<void(std::string_view room, std::string_view socket)>;

  ListenerList<RoomFunction const> created;
  ListenerList<RoomFunction const> deleted;
  ListenerList<MemberFunction const> joined;
  ListenerList<MemberFunction const> left;
  bool any = false;
};

/// Of an event whose last ones matter only: how many of them are kept for a client that is behind.
struct DropOldest {
  std::size_t keep;
};

/// Read by every shard. Changed before the server serves; with a single shard at any time, on its thread.
class AERIE_API HandlerSet {
 public:
  using AnyFunction = std::function<void(Socket&, std::string_view, Args const&)>;
  /// Hears of each event behind its handlers. `handled` if it has any.
  using OtherwiseFunction = std::function<void(IncomingEvent const&, bool handled)>;
  using ErrorFunction = std::function<void(HandlerError const&)>;
  using ExpiredFunction = std::function<void(ExpiredSession const&)>;

  /// Each throws std::logic_error where several shards would race with it, and `add` std::invalid_argument
  /// for an event that cannot be listened to.
  ListenerId add(std::string_view event, std::shared_ptr<EventHandler> handler);
  bool remove(std::string_view event, ListenerId id);
  void remove(std::string_view event);
  void remove_all();
  ListenerId add_connection(std::shared_ptr<EventHandler> handler);
  ListenerId add_disconnecting(std::shared_ptr<EventHandler> handler);
  ListenerId add_disconnect(std::shared_ptr<EventHandler> handler);
  ListenerId add_any(AnyFunction listener);
  void remove_any(ListenerId id);
  void set_otherwise(OtherwiseFunction function);
  ListenerId add_error(ErrorFunction listener);
  ListenerId add_expired(ExpiredFunction listener);
  ListenerId add_middleware(Middleware middleware);
  ListenerId add_room(ListenerList<RoomListeners::RoomFunction const> RoomListeners::*list,
                      RoomListeners::RoomFunction listener);
  ListenerId add_room(ListenerList<RoomListeners::MemberFunction const> RoomListeners::*list,
                      RoomListeners::MemberFunction listener);
  ListenerId add_server_side(std::string_view event, std::shared_ptr<ServerSideHandler> handler);
  /// Throws std::invalid_argument for 0 and for reserved names.
  void set_drop_oldest(std::string_view event, std::size_t keep);

  /// Before other shards see it: from now on it heeds `seal`.
  void heed(std::shared_ptr<Seal const> seal) noexcept { seal_ = std::move(seal); }
  /// Who may be calling what is registered here.
  Callers callers() const noexcept {
    return seal_ && seal_->closed.load(std::memory_order_relaxed) ? Callers::many : Callers::one_thread;
  }

  // To be read.
  HandlerMap events;
  HandlerList connection;
  HandlerList disconnecting;
  HandlerList disconnect;
  ListenerList<AnyFunction const> any;
  OtherwiseFunction otherwise;
  ListenerList<ErrorFunction const> error;
  ListenerList<ExpiredFunction const> expired;
  ListenerList<Middleware const> middlewares;
  std::map<std::string, ListenerList<ServerSideHandler>, std::less<>> server_side;
  RoomListeners rooms;
  std::map<std::string, DropOldest, std::less<>> drop_oldest;  // entries stay where they are

 private:
  ListenerId next(std::string_view what);
  void require_open(std::string_view what) const;

  std::shared_ptr<Seal const> seal_;
  std::uint64_t last_ = 0;
};

}  // namespace socketio
}}  // namespace aerie::v1
