#pragma once

#include "engineio/payload.hpp"
#include "engineio/transport.hpp"

#include <aerie/core/backlog.hpp>
#include <aerie/core/holder.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/http/exchange.hpp>

#include <memory>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace engineio {

class Session;
class ShardEngine;

/// HTTP long-polling: packets go to the client in the answer to its GET and come from it in the body of its
/// POST; at most one of each may be under way.
class PollingTransport : public Transport, private core::TurnEnd {
 public:
  PollingTransport(ShardEngine& engine, Session& session);
  ~PollingTransport() override;

  /// Answers the request that has opened the session, with what waits.
  void answer_handshake(http::Exchange& exchange, std::string headers);

  TransportKind kind() const noexcept override { return TransportKind::polling; }
  bool writable() const noexcept override { return poll_pending() && waiting_.empty() && !finishing_; }
  std::size_t buffered_amount() const noexcept override { return waiting_bytes_; }
  bool is_behind() const noexcept override { return true; }
  void send(PacketType type, std::string_view data, bool compress) override;
  void send_binary(std::string_view bytes, bool compress) override;
  bool finish(bool by_client) override;
  void drop_unsent() noexcept override { static_cast<void>(take_waiting()); }
  void discard() noexcept override;
  // A client has one POST under way at a time: it waits for the answer before it sends more.
  void pause_reading() override { paused_ = true; }
  void resume_reading() override;

  void on_request(http::Exchange& exchange, std::string headers) override;
  void release() override;
  bool is_waiting(PacketType type) const noexcept override;
  std::vector<OutgoingPacket> take_waiting() noexcept override;

 protected:
  /// Takes the body of a POST, which is bytes in a form of protocol 3 if it is `binary`.
  virtual void receive(std::string_view body, bool binary);

 private:
  /// Makes an answer of a payload.
  virtual void wrap(std::string& /*payload*/) const {}

  /// A request under way. GET and POST each have one, so that an abort tells which it was.
  struct Pending final : http::ExchangeOwner {
    explicit Pending(PollingTransport& owner) : transport(owner) {}
    void on_body(http::Exchange& exchange, std::string_view body) override;
    void on_body_too_large(http::Exchange& exchange) override;
    void on_aborted(http::Exchange& exchange) override;
    // As with the official server: whoever ends the connection under a poll has left.
    bool answers_after_end() const noexcept override { return false; }

    PollingTransport& transport;
    http::Exchange exchange;
    std::string headers;
  };

  /// What is known of a client that has not come for what earlier turns have left it.
  class Behind;

  bool poll_pending() const noexcept { return static_cast<bool>(poll_.exchange); }
  void take_poll(http::Exchange& exchange, std::string headers);
  void on_poll(http::Exchange& exchange, std::string headers);
  void on_post(http::Exchange& exchange, std::string headers);
  template <class Decoder>
  void receive_all(Decoder decoder);
  void refuse(http::Exchange& exchange, int status, std::string const& headers);
  void queue(OutgoingPacket packet);
  void put(OutgoingPacket packet);
  void overflow();
  bool admits_what_was_written() const noexcept;
  /// Answers the pending poll with what is waiting, at once instead of at the end of the turn.
  void flush();
  void answer(Payload payload, bool compress);
  void drop_post() noexcept;
  void answer_post(http::Exchange& exchange);
  void on_turn_end() override;

  ShardEngine& engine_;
  Session& session_;
  Pending poll_{*this};
  Pending post_{*this};
  std::vector<OutgoingPacket> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::size_t fresh_ = 0;  // of those, written in this turn
  std::unique_ptr<Behind> behind_;
  bool finishing_ = false;
  bool overflowed_ = false;
  bool shed_ = false;  // it has overflowed because there was too little memory
  bool paused_ = false;
  bool post_is_handled_ = false;  // it waits for its answer only
};

}}}  // namespace aerie::v1::engineio
