#pragma once

/// \file
/// Sending to the clients of a cluster without being a server of it: from jobs, workers, other services.
///
///     aerie::cluster::Emitter emitter(runtime, {.url = "redis://localhost:6379"});
///     emitter.to("room").emit("news", text);
///     emitter.of("/chat").in("user:7").disconnect_sockets();
///
/// Servers with `aerie::RedisAdapter`, and official ones with `@socket.io/redis-adapter`, hear it: the bytes
/// are those of `@socket.io/redis-emitter` 5.1. The sharded adapter's do not, as theirs do not.

#include <aerie/core/api.hpp>
#include <aerie/core/task.hpp>
#include <aerie/emitter/redis_format.hpp>
#include <aerie/emitter/signing.hpp>
#include <aerie/emitter/spelling.hpp>
#include <aerie/redis/client_options.hpp>
#include <aerie/schema/codec.hpp>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

class Runtime;

namespace cluster {

class EmitterState;

/// How an emitter reaches the servers: by the Redis, the key and the parser that their RedisAdapter has.
struct EmitterOptions {
  /// See redis::ClientOptions::url.
  std::string url = "redis://localhost:6379";
  /// The servers' RedisAdapter::key.
  std::string key = std::string(emitter::default_key);
  /// The servers' RedisAdapter::parser.
  emitter::RedisParser parser = {};
  /// The servers' RedisAdapter::signing; the first key signs.
  emitter::SigningOptions signing = {};
  /// Everything else about the connection. Its `url` is not used.
  redis::ClientOptions client = {};
};

/// One room or several, for calls that take either.
class EmitterRooms {
 public:
  /// One room, or each of a list.
  EmitterRooms(char const* room) : rooms_{room} {}
  EmitterRooms(std::string_view room) : rooms_{std::string(room)} {}
  EmitterRooms(std::string room) : rooms_{std::move(room)} {}
  EmitterRooms(std::vector<std::string> rooms) : rooms_(std::move(rooms)) {}
  EmitterRooms(std::initializer_list<std::string_view> rooms) : rooms_(rooms.begin(), rooms.end()) {}

  /// Their names, without repetition of what was said.
  std::vector<std::string> const& names() const noexcept { return rooms_; }
  /// Gives the names away.
  std::vector<std::string> take() && noexcept { return std::move(rooms_); }

 private:
  std::vector<std::string> rooms_;
};

/// Whom something is for, and how it is sent: an immutable value, each call returns a changed copy. All of it
/// may be kept for ever and used on any thread; when the emitter is gone it does nothing.
class AERIE_API EmitterOperator {
 public:
  /// Also the members of these rooms. A socket's id is the name of a room that has this socket in it.
  EmitterOperator to(EmitterRooms rooms) const;
  /// As `to`, under the other name that the official emitter has.
  EmitterOperator in(EmitterRooms rooms) const { return to(std::move(rooms)); }
  /// Not the members of these rooms.
  EmitterOperator except(EmitterRooms rooms) const;
  /// Whether the transport may compress the event.
  EmitterOperator compress(bool on) const;
  /// Clients that cannot take the event at once do not get it.
  EmitterOperator volatile_() const;

  /// Sends an event with any number of arguments. Throws std::invalid_argument for a reserved event name.
  /// False if the emitter is gone, or if this is a thread outside the runtime and too much waits already
  /// (RuntimeOptions::producer_limit): nothing is sent then.
  template <class... Ts>
  bool emit(std::string_view event, Ts const&... args) const {
    std::array<EncodableRef, sizeof...(Ts)> const refs{EncodableRef(args)...};
    return emit_args(event, refs);
  }
  /// The same with arguments that are collected already.
  bool emit_args(std::string_view event, ArgsRef args) const;

  /// Makes the sockets join rooms. False as `emit`.
  bool sockets_join(EmitterRooms rooms) const;
  /// Makes the sockets leave rooms. False as `emit`.
  bool sockets_leave(EmitterRooms rooms) const;
  /// Disconnects the sockets from the namespace; `close`: their connections end, too. False as `emit`.
  bool disconnect_sockets(bool close = false) const;

 protected:
  friend class Emitter;
  EmitterOperator(std::shared_ptr<EmitterState> state, emitter::Recipients recipients)
      : state_(std::move(state)), recipients_(std::move(recipients)) {}

  std::shared_ptr<EmitterState> state_;
  emitter::Recipients recipients_;
  emitter::Flags flags_{};
};

/// A namespace of an emitter. As its operators.
class AERIE_API EmitterNamespace : public EmitterOperator {
 public:
  /// Tells the servers themselves, whose namespace handles it by `on_server_side`. Without acknowledgements.
  /// Throws and returns as `emit`.
  template <class... Ts>
  bool server_side_emit(std::string_view event, Ts const&... args) const {
    std::array<EncodableRef, sizeof...(Ts)> const refs{EncodableRef(args)...};
    return server_side_emit_args(event, refs);
  }
  /// The same with arguments that are collected already.
  bool server_side_emit_args(std::string_view event, ArgsRef args) const;

 protected:
  friend class Emitter;
  using EmitterOperator::EmitterOperator;
};

/// Owns the connection. Is itself the default namespace. Thread contract: its functions on any thread; to be
/// destroyed in a turn of the runtime's first shard, or while the runtime does not run, and before the
/// runtime.
class AERIE_API Emitter : public EmitterNamespace {
 public:
  /// Begins to connect when the runtime runs. A Redis that is not there is no error: what is emitted waits
  /// for a while (redis::ClientOptions::command_timeout), and what is lost is counted. Throws
  /// std::invalid_argument for impossible options.
  explicit Emitter(Runtime& runtime, EmitterOptions options = {});
  ~Emitter();
  Emitter(Emitter const&) = delete;
  Emitter& operator=(Emitter const&) = delete;

  /// Another namespace, with or without its slash.
  EmitterNamespace of(std::string_view nsp) const;

  /// Waits until all that was sent before has arrived at Redis, or is lost. Returns how many messages were
  /// lost since the emitter was made.
  Task<std::uint64_t> flush() const;
  /// How many messages were lost so far.
  std::uint64_t lost() const noexcept;
};

}  // namespace cluster
}}  // namespace aerie::v1
