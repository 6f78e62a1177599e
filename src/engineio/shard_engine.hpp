#pragma once

#include "engineio/request_flow.hpp"
#include "engineio/server_state.hpp"

#include <aerie/core/account.hpp>
#include <aerie/core/anchor.hpp>
#include <aerie/core/heap_trim.hpp>
#include <aerie/core/id.hpp>
#include <aerie/core/keyed_hash.hpp>
#include <aerie/core/keyed_table.hpp>
#include <aerie/core/linked.hpp>
#include <aerie/core/task.hpp>
#include <aerie/core/task_context.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/engineio/counts.hpp>
#include <aerie/engineio/session.hpp>
#include <aerie/engineio/websocket_upgrade.hpp>
#include <aerie/http/compression.hpp>
#include <aerie/http/kept_heads.hpp>
#include <aerie/websocket/deflate_contexts.hpp>
#include <aerie/websocket/handshake.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace engineio {

/// The part of an Engine.IO server that lives on one shard: its sessions and what making them needs.
class ShardEngine {
 public:
  /// A place among the sessions and an id, for whoever opens a session; given back unless `keep` is called.
  class Place {
   public:
    Place(ServerState& server, core::Id id, std::string&& address) noexcept
        : server_(&server), id_(id), address_(std::move(address)) {}
    Place(Place&& other) noexcept
        : server_(std::exchange(other.server_, nullptr)),
          id_(other.id_),
          address_(std::move(other.address_)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (server_ != nullptr) give_back(*server_, id_, address_);
    }

    core::Id id() const noexcept { return id_; }
    /// What sessions from there are counted under.
    std::string const& address() const noexcept { return address_; }
    void keep() noexcept { server_ = nullptr; }
    static void give_back(ServerState& server, std::string_view id, std::string_view address);

   private:
    ServerState* server_;
    core::Id id_;
    std::string address_;
  };

  ShardEngine(ServerState& server, core::Shard& shard);
  ~ShardEngine();

  core::Shard& shard() const noexcept { return shard_; }
  ServerState& server() const noexcept { return server_; }
  ServerOptions const& options() const noexcept { return server_.options; }
  Logger const& log() const noexcept { return server_.runtime.log(); }

  void begin(http::Exchange& exchange, std::string headers);
  /// A request that is done.
  void forget(RequestFlow& flow);

  Session* find(std::string_view id) const;
  core::Id new_id() { return ids_.next(); }
  /// True if there is no place for another session, which the log is told.
  bool full();
  /// Nothing if the server has been closed; or if it, or the client's address, has as many sessions as it
  /// may, which the log is told.
  std::optional<Place> take_place(http::Exchange const& exchange, core::Id id);
  /// Opens a session whose first request is a poll.
  void open_polling(http::Exchange& exchange, Place&& place, Dialect dialect, std::string headers);
  /// The same for a client whose polls are scripts: see JsonpTransport.
  void open_jsonp(http::Exchange& exchange, Place&& place, Dialect dialect, std::string_view function,
                  std::string headers);
  /// Opens a session on a WebSocket.
  void open_websocket(http::Exchange& exchange, Place&& place, Dialect dialect, std::string const& headers);
  /// Lets a WebSocket take over from a session's polling.
  void upgrade(http::Exchange& exchange, Session& session, std::string const& headers);
  /// Closes all sessions, in a turn of the shard. Any thread.
  void close_soon();
  /// The same one after the other, within `spread`; then `done`. Any thread.
  void close_soon(core::Milliseconds patience, std::function<void()> done);
  void drain_soon(core::Milliseconds spread, std::function<void()> done);

  /// Calls user code. True if it has returned; what it throws is logged.
  template <class F, class... Args>
  bool call(std::string_view what, F&& user, Args&&... args) noexcept {
    ++calls_;
    auto const returned =
        core::call_user(log(), {"engine.io", what}, std::forward<F>(user), std::forward<Args>(args)...);
    --calls_;
    return returned;
  }
  bool is_calling() const noexcept { return calls_ != 0; }
  /// The server goes while user code is being called: ends everything, and tells nobody.
  void abandon() noexcept;

  // What sessions ask for and tell.
  std::string handshake_packet(Session const& session);
  /// True if somebody wants to hear of what every session sends.
  bool announces_packets() const noexcept { return server_.hooks.flush || server_.hooks.drain; }
  /// Outlive every message of a WebSocket, though not the transports themselves.
  websocket::DeflateContexts& deflate_contexts() noexcept { return deflate_contexts_; }
  void compress(http::RequestHead const& request, std::string& payload, std::string& headers);
  void closed(Session& session, CloseReason reason);
  void remove(Session& session);
  void upgrading(Session& session);
  void upgraded(Session& session);
  /// `shed`: not its own limit was reached, but the process's.
  void report_slow_consumer(Session const& session, bool shed);
  void refused(Refusal refusal) noexcept { counts_.refused[static_cast<std::size_t>(refusal)].add(); }
  /// Read on any thread.
  SessionCounts<core::Tally> const& counts() const noexcept { return counts_; }
  /// Sessions hold so many bytes more, or less, than before.
  void hold(std::size_t bytes) noexcept {
    held_.resize(held_.bytes() + bytes);
    heap_trim_.holds(shard_.account().used());
  }
  void release(std::size_t bytes) noexcept { hold(std::size_t{0} - bytes); }

 private:
  void tell(std::string_view what, TransportKind transport) const;
  std::unique_ptr<Session> make_session(http::Exchange const& exchange, core::Id id, Dialect dialect);
  template <class Polling, class... Args>
  void open_by_polling(http::Exchange& exchange, Place&& place, Dialect dialect, std::string headers,
                       Args const&... args);
  void open_accepted(std::unique_ptr<Session> made, Place& place, AcceptedWebSocket& accepted);
  Task<void> open_apart(std::unique_ptr<Session> made, Place place, AcceptedWebSocket accepted);
  void add(std::unique_ptr<Session> session, Place& place);
  void opened(Session& session);
  void report_full();
  AcceptedWebSocket accept(http::Exchange& exchange, std::string const& headers);
  void append_cookie(std::string& headers, std::string_view id) const;
  void close_all();
  Task<void> drain(core::Milliseconds spread);
  Task<void> close_all(core::Milliseconds patience);
  bool agrees_to_shut_down(Session& session);
  std::vector<core::Id> session_ids() const;

  struct IdOf {
    std::string_view operator()(Session const& session) const noexcept { return session.id(); }
  };

  ServerState& server_;
  core::Shard& shard_;
  core::IdSource ids_;
  websocket::KeyHasher hasher_;
  core::Charge held_;
  core::HeapTrim heap_trim_;
  /// What the handshakes of the sessions have in common.
  http::KeptHeads heads_;
  /// For the answers to all polls of the shard, whoever they are from.
  http::Compressor compressor_;
  core::Charge compressor_memory_;
  /// For messages to and from all WebSockets of the shard that keep no contexts of their own.
  websocket::DeflateContexts deflate_contexts_;
  core::LinkedList<RequestFlow> flows_;
  /// Ids of a user's making may be a client's choice, which must not be to choose where they are stored.
  struct SessionHash {
    bool chosen_by_others;
    std::size_t operator()(std::string_view id) const noexcept {
      if (chosen_by_others) [[unlikely]]
        return core::KeyedHash()(id);
      return core::IdHash()(id);
    }
  };

  core::KeyedTable<std::unique_ptr<Session>, IdOf, SessionHash> sessions_;
  /// Only where sessions are counted by address.
  std::unordered_map<Session const*, std::string> addresses_;
  /// For each kind of transport that a session may begin with: what stands behind the id in its handshake.
  std::vector<std::string> handshake_tails_;
  std::size_t calls_ = 0;
  SessionCounts<core::Tally> counts_;
  core::TaskContext tasks_;
  core::Anchor anchor_;
  core::AnchorRef far_end_;
};

}}}  // namespace aerie::v1::engineio
