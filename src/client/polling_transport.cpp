#include "client/polling_transport.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/user_code.hpp>

#include <chrono>
#include <utility>

namespace aerie { inline namespace v1 { namespace client {

namespace {

// A server that does not take the last packet finds out by itself that the client has gone.
constexpr core::Milliseconds longest_goodbye{2000};

std::string encode(std::span<OutPacket const> packets) {
  std::string payload;
  for (auto const& packet : packets) {
    if (packet.is_binary) {
      engineio::append_binary(payload, packet.data);
    } else {
      engineio::append_packet(payload, packet.type, packet.data);
    }
  }
  return payload;
}

/// The last request of a session, which nobody waits for.
class Goodbye final : public core::Adopted {
 public:
  Goodbye(core::Shard& shard, std::unique_ptr<HttpChannel> channel)
      : shard_(shard), channel_(std::move(channel)) {}

  void say(std::string target) {
    shard_.start(deadline_, longest_goodbye);
    channel_->send("POST", std::move(target), "1", core::Milliseconds{0},
                   [this](HttpResult const&) { over(); });
  }

 private:
  void over() { shard_.dismiss(*this); }

  core::Shard& shard_;
  std::unique_ptr<HttpChannel> channel_;
  core::Timer deadline_ = core::Timer::calling<&Goodbye::over>(this);
};

}  // namespace

PollingTransport::PollingTransport(Settings const& settings)
    : ClientTransport(settings),
      polls_(std::make_unique<HttpChannel>(settings)),
      posts_(std::make_unique<HttpChannel>(settings)) {}

void PollingTransport::open() {
  poll();
}

void PollingTransport::poll() {
  polls_->send("GET", target(), {}, core::Milliseconds{0},
               [this](HttpResult result) { polled(std::move(result)); });
}

void PollingTransport::polled(HttpResult result) {
  if (!result.ok()) return fail("xhr poll error", std::move(result));
  if (!take_payload(result.body)) return;
  if (pausing_) return check_paused();
  if (is_open_) poll();
}

/// False if it is over afterwards.
bool PollingTransport::take_payload(std::string_view payload) {
  engineio::PayloadDecoder decoder(payload);
  engineio::Packet packet;
  while (true) {
    auto const result = decoder.next(packet);
    if (handler() == nullptr) return false;
    if (result == engineio::PayloadDecoder::Result::end) break;
    if (result == engineio::PayloadDecoder::Result::malformed) {
      drop();
      handler()->on_transport_error(
          {.message = "parser error", .description = "an answer to a poll is no payload"});
      return false;
    }
    if (!is_open_ && packet.type == engineio::PacketType::open) {
      is_open_ = true;
      handler()->on_transport_open();
      if (handler() == nullptr) return false;
    }
    if (packet.type == engineio::PacketType::close) {
      drop();
      handler()->on_transport_close("transport closed by the server");
      return false;
    }
    handler()->on_packet(packet);
    if (handler() == nullptr) return false;
  }
  return true;
}

void PollingTransport::send(std::span<OutPacket const> packets) {
  posts_->send("POST", target(), encode(packets), settings()->options.request_timeout,
               [this](HttpResult const& result) { posted(result); });
}

void PollingTransport::posted(HttpResult const& result) {
  if (!result.ok()) return fail("xhr post error", result);
  if (pausing_) return check_paused();
  handler()->on_drain();
}

void PollingTransport::fail(std::string_view message, HttpResult result) {
  drop();
  auto description = result.status != 0
                         ? core::concat("the server has answered ", std::to_string(result.status))
                         : std::move(result.error);
  handler()->on_transport_error({.message = std::string(message),
                                 .description = std::move(description),
                                 .status = result.status,
                                 .body = std::move(result.body)});
}

void PollingTransport::pause() {
  pausing_ = true;
  check_paused();
}

void PollingTransport::check_paused() {
  if (paused_ || polls_->busy() || posts_->busy()) return;
  paused_ = true;
  handler()->on_paused();
}

void PollingTransport::close() noexcept {
  auto const was_open = std::exchange(is_open_, false);
  polls_->cut();
  set_handler(nullptr);
  if (!was_open || posts_->busy()) return posts_->cut();
  auto& shard = settings()->shard;
  core::call_user(shard.runtime().log(), {"client", "the end of a session"}, [&] {
    auto goodbye = std::make_unique<Goodbye>(shard, std::move(posts_));
    auto& said = *goodbye;
    posts_ = nullptr;
    shard.adopt(std::move(goodbye));
    said.say(target());
  });
}

void PollingTransport::cut() noexcept {
  set_handler(nullptr);
  drop();
}

void PollingTransport::drop() noexcept {
  is_open_ = false;
  polls_->cut();
  if (posts_) posts_->cut();
}

}}}  // namespace aerie::v1::client
