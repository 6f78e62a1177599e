#pragma once

#include "socketio/one_or_many.hpp"
#include "socketio/server_parsers.hpp"

#include <aerie/core/kept_id.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/engineio/session.hpp>
#include <aerie/socketio/disconnect_reason.hpp>
#include <aerie/socketio/packet.hpp>
#include <aerie/socketio/parser.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace aerie { inline namespace v1 {

class Socket;

namespace socketio {

struct ClaimedSession;
class ConnectFlow;
enum class EntryRefusal : std::uint8_t;
class ShardNode;

/// A connection as Socket.IO sees it: which namespaces it has joined, which parser it speaks, and what it has
/// begun to send. Owned by its session.
class Client final : public engineio::SessionHandler {
 public:
  Client(ShardNode& node, engineio::Session& session, ParserIndex parser = 0);
  ~Client() override;

  ShardNode& node() const noexcept { return node_; }
  engineio::Session& session() const noexcept { return session_; }
  /// Whether it is one of Socket.IO 2, which speaks Engine.IO 3: it is in the main namespace without having
  /// asked, its CONNECT packets have a query instead of a payload, and errors are what they are.
  bool is_of_v2() const noexcept { return session_.protocol() == engineio::Protocol::v3; }
  /// To be called when the session has been given this handler.
  void begin();
  /// What its socket in a namespace is called.
  core::KeptId id_in(std::string_view nsp) const;

  ParserIndex parser_index() const noexcept { return static_cast<ParserIndex>(parser_); }
  Parser const& parser() const noexcept;

  /// Sends what tells of the client's own coming and going. A parser that throws is reported to the log.
  void send(OutgoingPacket const& packet);
  void send(EncodedPacket const& packet, bool compress);

  void on_text(std::string_view text) override;
  void on_binary(std::string_view bytes) override;
  void on_close(engineio::CloseReason reason) override;
  void on_upgrade() override { on_reroute(); }
  void on_reroute() override;

  // What handlers and emits tell, for the limit on what one client may ask for.
  void begun();
  void ended() noexcept;
  /// The socket leaves, and its handlers run on without the client.
  void forget_handlers_of(Socket const& socket) noexcept;
  /// Whether nothing is asked of the client any more, because the server ends.
  bool is_leaving() const noexcept { return leaving_ != 0; }
  /// The client owes so many acknowledgements more: what waits for them is not held against it.
  void owes(std::ptrdiff_t more) noexcept;

  // What connecting sockets tell.
  void connected(ConnectFlow& flow, std::shared_ptr<Socket> socket, ClaimedSession const& claimed);
  /// `entered`: a middleware of the namespace has decided.
  void refused(ConnectFlow& flow, std::string_view nsp, Refusal const& refusal, bool entered);

  /// The socket has left its namespace.
  void left(Socket& socket);
  /// Takes every socket out of its namespace and closes the connection.
  void disconnect();
  /// The same for a server that ends: what waits for the client ends at once, and what runs may still answer
  /// it, so it is false as long as anything does.
  bool on_shut_down() override;

 private:
  struct Joining;
  struct Assembly;
  struct Incoming;
  struct Rare;

  bool is_busy() const noexcept;
  bool must_wait() const noexcept;
  void put_aside(Frame const& frame);
  void work_off();
  void go_on() noexcept;
  Joining* joining() const noexcept;
  Incoming* incoming() const noexcept;
  Joining& make_joining();
  Incoming& make_incoming();
  template <class T>
  void retire_rare(std::unique_ptr<T> Rare::*part);
  void forget_incoming();
  void received(Frame const& frame);
  void take(Frame const& frame);
  void keep(std::unique_ptr<PartialPacket> packet);
  void forget_assembly();
  inline void handle(IncomingPacket& packet);
  void on_connect(IncomingPacket const& packet);
  void join(std::string_view nsp, std::string&& auth);
  inline void on_event(Socket& socket, IncomingPacket& packet);
  void on_watched_event(Socket& socket, std::string_view name, IncomingPacket& packet);
  void end_what_waits();
  void abandon_flows();
  Socket* joined(std::string_view nsp) const;
  bool is_joining(std::string_view nsp) const;
  void send_refusal(std::string_view nsp, std::string_view message, EntryRefusal why);
  void send_error_of_v2(std::string_view nsp, Refusal const& refusal);
  void fail(std::string_view why);
  void close(DisconnectReason reason, std::string_view description);
  void close_sockets(DisconnectReason reason, std::string_view description);
  std::size_t kept_auth() const noexcept;
  void drop(ConnectFlow& flow);
  void connect_timed_out();
  void assembly_timed_out();
  /// There is too little memory to wait for what the client has begun to send.
  void give_up_soon() noexcept;
  void give_up();

  ShardNode& node_;
  engineio::Session& session_;
  OneOrMany<Socket> sockets_;
  std::unique_ptr<Rare> rare_;  // null unless there is any of it
  // In two words: there may be a million idle clients, and no memory for 2^28 handlers of one.
  std::uint32_t parser_ : 4;          // of its server's
  std::uint32_t under_way_ : 28 = 0;  // handlers, and namespaces that it is joining
  std::uint32_t owed_ : 31 = 0;       // acknowledgements
  std::uint32_t leaving_ : 1 = 0;     // nothing more is taken from it
};

/// The connection of a socket; null once it has left.
Client* client_of(Socket const& socket) noexcept;

}  // namespace socketio
}}  // namespace aerie::v1
