#pragma once

/// \file
/// What only some sockets have, kept apart so that the others stay small.

#include <aerie/core/api.hpp>
#include <aerie/core/function.hpp>
#include <aerie/core/task_context.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/socketio/ack.hpp>
#include <aerie/socketio/handler.hpp>
#include <aerie/socketio/middleware.hpp>
#include <aerie/socketio/typed_slots.hpp>

#include <algorithm>
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

/// Listeners of every event, in order, with numbers to remove them by.
class AnyListeners {
 public:
  using Listener = std::function<void(std::string_view, Args const&)>;
  std::size_t append(Listener listener) {
    all_.emplace_back(++last_, std::make_shared<Listener const>(std::move(listener)));
    return last_;
  }
  std::size_t prepend(Listener listener) {
    all_.emplace(all_.begin(), ++last_, std::make_shared<Listener const>(std::move(listener)));
    return last_;
  }
  void remove(std::size_t number) {
    std::erase_if(all_, [number](auto const& entry) { return entry.first == number; });
  }
  bool empty() const noexcept { return all_.empty(); }
  void call(std::string_view event, Args const& args) const {
    // A copy: listeners may add and remove others.
    for (auto const& [number, listener] : std::vector(all_))
      (*listener)(event, args);
  }

 private:
  std::vector<std::pair<std::size_t, std::shared_ptr<Listener const>>> all_;
  std::size_t last_ = 0;
};

struct SocketState;

/// An acknowledgement that is awaited from the client.
struct PendingAck {
  PendingAck(SocketState& owner, std::uint64_t number, UniqueFunction<void(AckReply)> callback)
      : state(owner), id(number), on_reply(std::move(callback)) {}
  void timed_out();

  SocketState& state;
  std::uint64_t id;
  UniqueFunction<void(AckReply)> on_reply;
  core::Timer timer = core::Timer::calling<&PendingAck::timed_out>(this);
};

/// Text keys that can be looked up with a view.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
};

/// Hashes the names of events. Which ones there are to be found is the application's choice, never a peer's,
/// so a few of their bytes are hash enough.
struct EventNameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const noexcept {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    auto const size = std::min(name.size(), sizeof first);
    std::memcpy(&first, name.data(), size);
    std::memcpy(&last, name.data() + name.size() - size, size);
    auto const mixed = (first ^ (last * 31) ^ name.size()) * 0x9E3779B97F4A7C15U;
    return static_cast<std::size_t>(mixed >> 32U);
  }
};

using HandlerMap = std::unordered_map<std::string, std::vector<std::shared_ptr<EventHandler>>, EventNameHash,
                                      std::equal_to<>>;

struct SocketState {
  SocketState(Socket& owner, core::Shard& shard) : socket(owner), tasks(shard) {}

  /// Gives the reply to a pending acknowledgement, if there is one of that id.
  void settle(std::uint64_t id, AckReply reply);

  Socket& socket;
  HandlerMap handlers;
  std::vector<std::shared_ptr<EventHandler>> disconnecting;
  std::vector<std::shared_ptr<EventHandler>> disconnect;
  AnyListeners any;
  AnyListeners any_outgoing;
  std::vector<std::function<void(SocketEvent&)>> middlewares;
  std::vector<std::function<void(std::string_view)>> error_listeners;
  std::unordered_map<std::uint64_t, std::unique_ptr<PendingAck>> acks;
  Value data;
  TypedSlots slots;
  core::TaskContext tasks;
};

}}}  // namespace aerie::v1::socketio
