#pragma once

/// \file
/// A socket that may live on another shard or in another process.

#include <aerie/core/api.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/socketio/emit.hpp>
#include <aerie/socketio/handshake.hpp>
#include <aerie/socketio/target.hpp>

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

/// What is known of a socket from afar: a copy, as it was when it was fetched.
struct SocketDetails {
  std::string id;
  SeenHandshake handshake;
  std::vector<std::string> rooms;
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
  std::vector<std::string> const& rooms() const noexcept { return details_.rooms; }
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
