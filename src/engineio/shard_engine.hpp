#pragma once

#include <aerie/core/id.hpp>
#include <aerie/core/keyed_table.hpp>
#include <aerie/engineio/server.hpp>
#include <aerie/engineio/session.hpp>
#include <aerie/engineio/websocket_upgrade.hpp>
#include <aerie/websocket/handshake.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace engineio {

/// The part of an Engine.IO server that lives on one shard: its sessions and what making them needs.
class ShardEngine {
 public:
  ShardEngine(Server& server, core::Shard& shard);
  ~ShardEngine();

  core::Shard& shard() const noexcept { return shard_; }
  Server& server() const noexcept { return server_; }
  ServerOptions const& options() const noexcept { return server_.options_; }

  Session* find(std::string_view id) const;
  bool full() const noexcept;
  core::Id new_id() { return ids_.next(); }

  /// Opens a session whose first request is a poll.
  void open_polling(http::Exchange& exchange, core::Id id, std::string headers);
  /// Opens a session on a WebSocket.
  void open_websocket(http::Exchange& exchange, core::Id id, std::string const& headers);
  /// Lets a WebSocket take over from a session's polling.
  void upgrade(http::Exchange& exchange, Session& session, std::string const& headers);
  void close_all();

  // What sessions ask for and tell.
  std::string handshake_packet(Session const& session);
  void compress(http::RequestHead const& request, std::string& payload, std::string& headers) const;
  void closed(Session& session, CloseReason reason);
  void remove(Session& session);
  void upgrading(Session& session);
  void upgraded(Session& session);
  void report_slow_consumer(Session const& session);

 private:
  Session& add(http::Exchange& exchange, core::Id id);
  void opened(Session& session);
  AcceptedWebSocket accept(http::Exchange& exchange, std::string const& headers);
  void append_cookie(std::string& headers, std::string_view id) const;

  struct IdOf {
    std::string_view operator()(Session const& session) const noexcept { return session.id(); }
  };

  Server& server_;
  core::Shard& shard_;
  core::IdSource ids_;
  websocket::KeyHasher hasher_;
  core::KeyedTable<std::unique_ptr<Session>, IdOf, core::IdHash> sessions_;
  std::string handshake_tail_;
};

}}}  // namespace aerie::v1::engineio
