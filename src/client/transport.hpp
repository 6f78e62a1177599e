#pragma once

/// \file
/// What carries the packets of a client's connection: polling or a WebSocket. Belongs to one shard.

#include <aerie/client/options.hpp>
#include <aerie/core/id.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/engineio/packet.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 { namespace client {

class CookieJar;
class Dialer;

/// A packet that waits to be sent.
struct OutPacket {
  engineio::PacketType type = engineio::PacketType::message;
  bool is_binary = false;
  std::string data = {};
  /// Where the transport compresses.
  bool compress = true;
};

/// What went wrong with a transport, as the official client's errors have it.
struct TransportError {
  /// `xhr poll error`, `xhr post error`, `websocket error`, `timeout`
  std::string message = {};
  /// What has happened, in a sentence.
  std::string description = {};
  /// The status that a request was answered with; 0 if it was not.
  int status = 0;
  /// The answer's body, which tells why a server refuses.
  std::string body = {};
};

/// Who hears of a transport. It may close the transport within each call.
class TransportHandler {
 public:
  virtual void on_transport_open() = 0;
  virtual void on_packet(engineio::Packet const& packet) = 0;
  /// It takes packets again.
  virtual void on_drain() = 0;
  /// A poll that was in flight when the transport was paused has been answered, and everything was sent.
  virtual void on_paused() {}
  /// The last call, as `on_transport_close`.
  virtual void on_transport_error(TransportError error) = 0;
  virtual void on_transport_close(std::string_view description) = 0;

 protected:
  ~TransportHandler() = default;
};

/// What the connections of one manager have in common. Shared with whatever is still saying goodbye.
struct TransportSettings {
  TransportSettings(core::Shard& on, std::unique_ptr<Dialer> by, Options with);
  ~TransportSettings();

  core::Shard& shard;
  Options const options;
  std::unique_ptr<Dialer> const dialer;
  /// Null without `Options::with_credentials`.
  std::unique_ptr<CookieJar> const cookies;
  /// For masks and nonces.
  std::unique_ptr<core::IdSource> const random;
  /// The value of `Host`.
  std::string authority = {};
  /// Of the URL, or of the options: encoded.
  std::string query = {};
};

using Settings = std::shared_ptr<TransportSettings const>;

/// It is destroyed by `Shard::retire`.
class ClientTransport {
 public:
  virtual ~ClientTransport() = default;

  void set_handler(TransportHandler* handler) noexcept { handler_ = handler; }
  virtual Transport kind() const noexcept = 0;
  /// The session's id, once it is known.
  void set_session(std::string_view sid) { sid_ = sid; }

  virtual void open() = 0;
  /// True if it takes packets now.
  virtual bool writable() const noexcept = 0;
  /// True if what is sent now leaves at once: what volatile events ask for.
  virtual bool idle() const noexcept { return writable(); }
  /// REQUIRES: writable.
  virtual void send(std::span<OutPacket const> packets) = 0;
  /// Sends nothing more, and calls `on_paused` when nothing is in flight.
  virtual void pause() {}
  /// Tells the server that the session ends, sends what was taken, and ends. The handler hears nothing more.
  virtual void close() noexcept = 0;
  /// Ends at once. The handler hears nothing more.
  virtual void cut() noexcept = 0;

 protected:
  explicit ClientTransport(Settings settings) noexcept : settings_(std::move(settings)) {}
  /// The target of a request: path and query.
  std::string target() const;
  TransportHandler* handler() const noexcept { return handler_; }
  Settings const& settings() const noexcept { return settings_; }

 private:
  Settings settings_;
  TransportHandler* handler_ = nullptr;
  std::string sid_;
};

}}}  // namespace aerie::v1::client
