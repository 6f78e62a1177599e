#pragma once

/// \file
/// A socket that may live on another shard or in another process.

#include <aerie/core/api.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/socketio/emit.hpp>
#include <aerie/socketio/handshake.hpp>
#include <aerie/socketio/target.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace aerie { inline namespace v1 {

class Namespace;

namespace socketio {

/// A handshake as it is known from afar: of a socket of this process the handshake itself, of one of another
/// process what that has told of it.
class SeenHandshake {
 public:
  SeenHandshake(Value told = {}) : seen_(std::move(told)) {}
  SeenHandshake(Handshake handshake) : seen_(std::move(handshake)) {}

  /// As `Handshake::to_value`.
  Value to_value() const {
    auto const* const told = std::get_if<Value>(&seen_);
    return told != nullptr ? *told : std::get<Handshake>(seen_).to_value();
  }
  /// The part in which there may be bytes: of a handshake itself what the client has made, its `auth`; else
  /// all.
  Value binary_part() const {
    auto const* const told = std::get_if<Value>(&seen_);
    return told != nullptr ? *told : std::get<Handshake>(seen_).auth();
  }

 private:
  std::variant<Value, Handshake> seen_;
};

/// The rooms of a socket as they are known from afar: of one of another process what that has told, of one of
/// this process those beside its own, which most are in that nobody asks for. May be read on any thread.
class AERIE_API SeenRooms {
 public:
  SeenRooms(std::vector<std::string> told = {}) : listed_(std::move(told)) {}
  /// It is in the room of its id, and in these.
  static SeenRooms of_id_and(std::vector<std::string> others);
  SeenRooms(SeenRooms const& other) : listed_(other.listed_), id_is_missing_(other.id_is_missing_) {}
  SeenRooms(SeenRooms&& other) noexcept
      : listed_(std::move(other.listed_)),
        id_is_missing_(other.id_is_missing_),
        all_(other.all_.load(std::memory_order_relaxed)) {
    other.all_.store(nullptr, std::memory_order_relaxed);
  }
  SeenRooms& operator=(SeenRooms other) noexcept {
    listed_.swap(other.listed_);
    id_is_missing_ = other.id_is_missing_;
    all_.store(other.all_.exchange(all_.load(std::memory_order_relaxed)), std::memory_order_relaxed);
    return *this;
  }
  ~SeenRooms() { delete all_.load(std::memory_order_relaxed); }

  /// All of them, for the socket with this id. Valid as long as this is neither changed nor moved.
  std::vector<std::string> const& all(std::string const& id) const;

 private:
  std::vector<std::string> listed_;
  bool id_is_missing_ = false;
  /// With the id, once somebody has asked for that.
  mutable std::atomic<std::vector<std::string> const*> all_ = nullptr;
};

/// What is known of a socket from afar: a copy, as it was when it was fetched.
struct SocketDetails {
  std::string id;
  SeenHandshake handshake;
  SeenRooms rooms;
  Value data;
};

}  // namespace socketio

/// Thread contract: a value; all of it may be kept for ever and used on any thread.
class AERIE_API RemoteSocket : public socketio::Emits<RemoteSocket, AckReply> {
 public:
  /// For the framework; callers use `fetch_sockets`.
  RemoteSocket(std::shared_ptr<Namespace const> nsp, socketio::SocketDetails details)
      : nsp_(std::move(nsp)), details_(std::move(details)) {}

  /// Its id, as `Socket::id`.
  std::string const& id() const noexcept { return details_.id; }
  /// As the official server's `socket.handshake`. Put together when it is asked for.
  Value handshake() const { return details_.handshake.to_value(); }
  /// The rooms that it was in when it was fetched, its own id among them.
  std::vector<std::string> const& rooms() const { return details_.rooms.all(details_.id); }
  /// What `Socket::data` was when it was fetched.
  Value const& data() const noexcept { return details_.data; }

  /// The same socket, with a limit on waiting for its acknowledgements.
  RemoteSocket timeout(std::chrono::milliseconds timeout) const;
  /// Makes it join rooms.
  void join(socketio::RoomList rooms) const;
  /// Makes it leave rooms.
  void leave(socketio::RoomList rooms) const;
  /// Disconnects it from the namespace; `close`: its connection, too.
  void disconnect(bool close = false) const;

  /// As BroadcastOperator's.
  bool emit_args(std::string_view event, ArgsRef args) const;
  bool emit_args(std::string_view event, ArgsRef args, UniqueFunction<void(AckReply)> on_reply) const;

 private:
  std::shared_ptr<Namespace const> nsp_;
  socketio::SocketDetails details_;
  std::optional<std::chrono::milliseconds> timeout_;
};

}}  // namespace aerie::v1
