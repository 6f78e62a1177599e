#include "websocket/endpoint.hpp"

#include <aerie/core/memory_stream.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/websocket/link.hpp>

#include <array>
#include <limits>
#include <utility>
#include <vector>

namespace aerie::websocket::cases {
namespace {

constexpr std::size_t max_message = std::size_t{64} << 20U;
constexpr std::size_t max_queue = std::numeric_limits<std::uint32_t>::max();

/// Everything is compressed that may be.
std::unique_ptr<Deflate> make_deflate(Role role, std::optional<DeflateParameters> const& agreed) {
  if (!agreed) return nullptr;
  return std::make_unique<Deflate>(role, *agreed, DeflateOptions{.enabled = true, .threshold = 0});
}

Opcode opcode_of(PeerEvent const& event) {
  return event.kind == PeerEvent::Kind::text ? Opcode::text : Opcode::binary;
}

class EchoLink final : public Link {
 public:
  EchoLink(std::unique_ptr<core::Stream> stream, std::unique_ptr<Deflate> deflate)
      : Link({.max_message_size = max_message}, std::move(deflate)) {
    attach(std::move(stream), max_queue);
  }

 private:
  void on_message(PeerEvent const& event) override {
    write(opcode_of(event), {}, {event.payload.data(), event.payload.size()}, true);
  }
  void on_ended(LinkEnd) override { finish(); }
};

class EchoServer final : public Endpoint {
 public:
  explicit EchoServer(std::unique_ptr<Deflate> deflate)
      : link_(std::move(pair_.server), std::move(deflate)) {}

  std::string read(std::string_view bytes) override {
    pair_.client.write(bytes);
    shard_.run_ready();
    return pair_.client.take();
  }
  bool is_over() const override { return pair_.client.ended(); }

 private:
  core::ManualClock clock_;
  Runtime runtime_{{.threads = 1, .clock = &clock_}};
  core::Shard& shard_ = runtime_.shard(0);
  core::MemoryPair pair_ = core::memory_pair(shard_);
  EchoLink link_;
};

/// Writes its frames itself: a client's transport as one would build it on a Peer.
class EchoClient final : public Endpoint {
 public:
  explicit EchoClient(std::unique_ptr<Deflate> deflate)
      : peer_({.role = Role::client, .max_message_size = max_message}, std::move(deflate)) {}

  std::string read(std::string_view bytes) override {
    std::vector<char> memory(bytes.begin(), bytes.end());
    std::span<char> input(memory);
    sent_.clear();
    while (true) {
      auto const event = peer_.receive(input, {});
      if (event.kind == PeerEvent::Kind::need_more) break;
      if (event.kind == PeerEvent::Kind::text || event.kind == PeerEvent::Kind::binary) {
        send(opcode_of(event), {event.payload.data(), event.payload.size()});
      } else {
        send_control_frames();
      }
    }
    return std::move(sent_);
  }
  bool is_over() const override { return peer_.state() == Peer::State::closed; }

 private:
  void send(Opcode opcode, std::string_view message) {
    std::string payload(message);
    if (peer_.deflate() != nullptr) {
      payload.clear();
      peer_.deflate()->compress(message, payload);
    }
    auto const mask = ++next_mask_;
    std::array<char, max_header_size> header;
    auto const size = encode_masked_header(header.data(), opcode, payload.size(), mask,
                                           {.compressed = peer_.deflate() != nullptr});
    apply_mask(payload, mask);
    sent_.append(header.data(), size).append(payload);
  }
  void send_control_frames() {
    std::array<char, max_control_frame> frame;
    while (auto const size = peer_.take_output(frame, ++next_mask_))
      sent_.append(frame.data(), size);
  }

  Peer peer_;
  std::string sent_;
  Mask next_mask_ = 0x51a7c003;
};

}  // namespace

std::unique_ptr<Endpoint> make_endpoint(Role role, std::optional<DeflateParameters> const& deflate) {
  auto made = make_deflate(role, deflate);
  if (role == Role::server) return std::make_unique<EchoServer>(std::move(made));
  return std::make_unique<EchoClient>(std::move(made));
}

}  // namespace aerie::websocket::cases
