#pragma once

#include <aerie/core/id.hpp>
#include <aerie/engineio/server.hpp>
#include <aerie/engineio/session.hpp>
#include <aerie/engineio/websocket_upgrade.hpp>
#include <aerie/websocket/handshake.hpp>

#include <boost/unordered/unordered_flat_set.hpp>

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

  /// A session by its id: 8 bytes for each, as it carries the id itself.
  static std::string_view id_of(std::string_view id) noexcept { return id; }
  static std::string_view id_of(std::unique_ptr<Session> const& session) noexcept { return session->id(); }
  struct Hash : core::IdHash {
    std::size_t operator()(auto const& key) const noexcept { return core::IdHash::operator()(id_of(key)); }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(auto const& a, auto const& b) const noexcept { return id_of(a) == id_of(b); }
  };

  Server& server_;
  core::Shard& shard_;
  core::IdSource ids_;
  websocket::KeyHasher hasher_;
  boost::unordered_flat_set<std::unique_ptr<Session>, Hash, Equal> sessions_;
  std::string handshake_tail_;
};

}}}  // namespace aerie::v1::engineio
