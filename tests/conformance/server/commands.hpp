#pragma once

/// \file
/// The commands of FIXTURE.md: one interpreter for the event `do` and for POST /__do.

#include "log.hpp"
#include "socket_directory.hpp"

#include <aerie/core/function.hpp>
#include <aerie/core/task.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/socketio/server.hpp>

namespace conformance {

/// A command on its way. `socket` is who asks; null over HTTP.
struct Call {
  Call(aerie::Value the_command, aerie::Array the_args, aerie::Socket* the_socket)
      : command(std::move(the_command)), args(std::move(the_args)), socket(the_socket) {}

  aerie::Value command;
  aerie::Array args;
  aerie::Socket* socket;
};

/// May be used on any shard.
class Commands {
 public:
  Commands(aerie::Server& io, Log& log, SocketDirectory const& sockets)
      : io_(io), log_(log), sockets_(sockets) {}

  /// The parent of the namespaces /dynamic-<digits>.
  void set_parent(aerie::ParentNamespace& parent) { parent_ = &parent; }

  /// Runs a command; the result is `{"ok": value}` or `{"error": message}`. `socket` must live until it is
  /// there.
  aerie::Task<aerie::Value> run(aerie::Value command, aerie::Array args, aerie::Socket* socket);

 private:
  using Action = aerie::Task<aerie::Value> (Commands::*)(Call const&);
  using OnAnswer = aerie::UniqueFunction<void(aerie::Value)>;

  static Action action(std::string_view name);

  aerie::Task<aerie::Value> run_there(Call const& call, aerie::SocketHandle subject);
  aerie::Task<aerie::Value> sequence(Call const& call);
  aerie::Task<aerie::Value> emit(Call const& call);
  aerie::Task<aerie::Value> immutable(Call const& call);
  aerie::Task<aerie::Value> join(Call const& call);
  aerie::Task<aerie::Value> leave(Call const& call);
  aerie::Task<aerie::Value> rooms(Call const& call);
  aerie::Task<aerie::Value> members(Call const& call);
  aerie::Task<aerie::Value> room_names(Call const& call);
  aerie::Task<aerie::Value> fetch_sockets(Call const& call);
  aerie::Task<aerie::Value> sockets_join(Call const& call);
  aerie::Task<aerie::Value> sockets_leave(Call const& call);
  aerie::Task<aerie::Value> disconnect_sockets(Call const& call);
  aerie::Task<aerie::Value> disconnect(Call const& call);
  aerie::Task<aerie::Value> set_data(Call const& call);
  aerie::Task<aerie::Value> info(Call const& call);
  aerie::Task<aerie::Value> close_conn(Call const& call);
  aerie::Task<aerie::Value> of(Call const& call);

  /// Sends the event of an `emit`; asks for an acknowledgement if there is somebody to hear it.
  void send(Call const& call, OnAnswer on_answer);

  aerie::Namespace& nsp(Call const& call) const;
  /// The socket a command is about. Throws if it is not here.
  aerie::Socket& subject(Call const& call) const;
  /// The same if it is on another shard.
  std::optional<aerie::SocketHandle> subject_elsewhere(Call const& call) const;
  /// Whom a command addresses, with the rooms and flags applied.
  aerie::BroadcastOperator target(Call const& call) const;
  aerie::BroadcastOperator origin(Call const& call) const;

  aerie::Server& io_;
  Log& log_;
  SocketDirectory const& sockets_;
  aerie::ParentNamespace* parent_ = nullptr;
};

}  // namespace conformance
