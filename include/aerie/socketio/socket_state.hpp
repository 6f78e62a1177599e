#pragma once

/// \file
/// What only some sockets have, kept apart so that the others stay small.

#include <aerie/core/account.hpp>
#include <aerie/core/api.hpp>
#include <aerie/core/function.hpp>
#include <aerie/core/owned.hpp>
#include <aerie/core/task_context.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/socketio/ack.hpp>
#include <aerie/socketio/handler.hpp>
#include <aerie/socketio/listener_list.hpp>
#include <aerie/socketio/middleware.hpp>
#include <aerie/socketio/typed_slots.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

class EventGate;
class HeldEvents;
struct SocketState;

/// An acknowledgement that is awaited from the client.
struct PendingAck {
  PendingAck(SocketState& owner, std::uint64_t number, UniqueFunction<void(AckReply)> callback,
             core::Account& account)
      : state(owner), id(number), on_reply(std::move(callback)), charge(account, memory) {}
  void timed_out();

  /// What one costs, with its place in the table and a callback of the usual size.
  static constexpr std::size_t memory = 256;

  SocketState& state;
  std::uint64_t id;
  UniqueFunction<void(AckReply)> on_reply;
  core::Charge charge;
  core::Timer timer = core::Timer::calling<&PendingAck::timed_out>(this);
};

/// Hashes the names of events. Which ones there are to be found is the application's choice, never a peer's,
/// so a few of their bytes are hash enough.
struct EventNameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const noexcept {
    auto const mixed = (ends_of(name) ^ name.size()) * 0x9E3779B97F4A7C15U;
    return static_cast<std::size_t>(mixed >> 32U);
  }

 private:
  static std::uint64_t ends_of(std::string_view name) noexcept {
    if (name.size() >= sizeof(std::uint64_t)) return both_ends<std::uint64_t>(name);
    if (name.size() >= sizeof(std::uint32_t)) return both_ends<std::uint32_t>(name);
    if (name.empty()) return 0;
    auto const at = [name](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(name[i])}; };
    return at(0) | (at(name.size() / 2) << 8U) | (at(name.size() - 1) << 16U);
  }
  /// The first and the last bytes, which may overlap.
  template <class Word>
  static std::uint64_t both_ends(std::string_view name) noexcept {
    Word first;
    Word last;
    std::memcpy(&first, name.data(), sizeof first);
    std::memcpy(&last, name.data() + name.size() - sizeof last, sizeof last);
    return first ^ (std::uint64_t{last} * 31);
  }
};

using HandlerList = ListenerList<EventHandler>;
/// The handlers of one event.
struct EventHandlers : HandlerList {
  static constexpr std::uint8_t no_place = 255;
  /// Where its times are measured (EventNames), once that is known. Written on several shards, always the
  /// same.
  std::atomic<std::uint8_t> mutable place{no_place};
};
using HandlerMap = std::unordered_map<std::string, EventHandlers, EventNameHash, std::equal_to<>>;

using PendingAcks = std::unordered_map<std::uint64_t, std::unique_ptr<PendingAck>>;

struct SocketState {
  using AnyFunction = std::function<void(std::string_view, Args const&)>;
  using ErrorFunction = std::function<void(std::string_view)>;

  explicit SocketState(Socket& owner);
  ~SocketState();

  ListenerId next_listener() noexcept { return ListenerId{++last_listener}; }
  /// Gives the reply to a pending acknowledgement, if there is one of that id.
  void settle(std::uint64_t id, AckReply reply);

  Socket& socket;
  core::Owned<HandlerMap> handlers;  // once there has been one
  HandlerList disconnecting;
  HandlerList disconnect;
  ListenerList<AnyFunction const> any;
  ListenerList<AnyFunction const> any_outgoing;
  ListenerList<EventMiddleware const> middlewares;
  core::Owned<EventGate> gate;   // if one of those may decide later
  core::Owned<HeldEvents> held;  // while its client is behind
  ListenerList<ErrorFunction const> errors;
  core::Owned<PendingAcks> acks;  // once one has been awaited
  Value data;
  TypedSlots slots;
  core::Owned<core::TaskContext> until_leave;  // of handlers that end with the client
  core::Owned<TraceContext> trace;             // what the client says its events are part of
  std::uint64_t last_listener = 0;
};
static_assert(sizeof(SocketState) <= 152, "every socket has one that the application keeps something with");

}}}  // namespace aerie::v1::socketio
