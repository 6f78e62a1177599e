/// \file
/// Fuzz target: a whole client over connections in memory, and a server that does what the input says:
/// answers by polling and over WebSockets that are well made or not, cuts, falls silent. Whatever it does,
/// the client stays within its limits, tells what has happened in an order that makes sense, and calls nobody
/// once it is closed. `script/fuzz client` runs it.

#include "fuzz/require.hpp"

#include <aerie/client.hpp>
#include <aerie/client/dialer.hpp>
#include <aerie/core/memory_stream.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/websocket/frame.hpp>
#include <aerie/websocket/handshake.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aerie;
using aerie::client::Options;
using aerie::client::Transport;
using aerie::fuzz::require;

constexpr std::size_t message_limit = 2'000;
/// A connection holds what it reads until it knows its end, and the frame and the message that this makes.
constexpr std::size_t most_connections = 64;

struct Wire {
  core::Shard* shard = nullptr;
  std::vector<std::shared_ptr<core::MemoryClient>> ends;
  bool refuses = false;
};

std::unique_ptr<client::Dialer> dialer_of(std::shared_ptr<Wire> const& wire) {
  return std::make_unique<client::MemoryDialer>(*wire->shard, [wire](core::MemoryClient end) -> std::string {
    if (wire->refuses || wire->ends.size() >= most_connections) return "refused";
    wire->ends.push_back(std::make_shared<core::MemoryClient>(std::move(end)));
    return {};
  });
}

/// What the input says, byte by byte; zeros behind its end.
class Script {
 public:
  explicit Script(std::string_view bytes) : rest_(bytes) {}

  bool ended() const noexcept { return rest_.empty(); }
  unsigned next() {
    if (rest_.empty()) return 0;
    auto const byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }
  /// A text with its size in front, in one byte or, from 200 on, as the hundredfold of what is above.
  std::string_view text() {
    std::size_t size = next();
    if (size >= 200) size = (size - 200) * 100;
    auto const result = rest_.substr(0, size);
    rest_.remove_prefix(result.size());
    return result;
  }

 private:
  std::string_view rest_;
};

/// The application, and what it was told.
class Listening {
 public:
  void attach(client::Manager const& manager, client::Socket const& socket) {
    manager.on("close", [this] { require(!closed_); });
    socket.on("connect", [this, socket] {
      require(!closed_ && !connected_ && socket.connected() && !socket.id().empty());
      connected_ = true;
    });
    // Also of a connection that is lost before the server has answered, as in the official client.
    socket.on("disconnect", [this, socket](std::string const& reason) {
      require(!closed_ && !reason.empty() && !socket.connected());
      connected_ = false;
    });
    socket.on("connect_error", [this](std::string const&) { require(!closed_ && !connected_); });
    socket.on("text", [this](std::string const& text, std::optional<int>) {
      require(!closed_ && text.size() <= message_limit);
      return text.size();
    });
    socket.on("data", [this](Bytes const& bytes) { require(!closed_ && bytes.size() <= message_limit); });
    socket.on_any([this](std::string_view, Args const& args) {
      require(!closed_);
      for (auto const& value : args.values())
        static_cast<void>(json::stringify(value));
    });
  }
  void close() noexcept { closed_ = true; }
  bool closed() const noexcept { return closed_; }

 private:
  bool connected_ = false;
  bool closed_ = false;
};

class Play {
 public:
  explicit Play(std::string_view input) : script_(input) {
    wire_->shard = &runtime_.shard(0);
    auto const flags = script_.next();
    options_.transports = flags % 3 == 0   ? std::vector{Transport::polling}
                          : flags % 3 == 1 ? std::vector{Transport::websocket}
                                           : std::vector{Transport::polling, Transport::websocket};
    options_.with_credentials = (flags & 8U) != 0;
    options_.retries = (flags & 16U) != 0 ? 2 : 0;
    options_.try_all_transports = (flags & 32U) != 0;
    options_.per_message_deflate.enabled = (flags & 64U) != 0;
    options_.per_message_deflate.threshold = 4;
    if ((flags & 128U) != 0) options_.parser = msgpack_parser();
    options_.max_message_size = message_limit;
    options_.outgoing_limit = 20'000;
    options_.ack_timeout = std::chrono::seconds{3};
  }

  void run() {
    {
      client::Manager const manager(runtime_, client::Url::parse("http://server.test/"), options_,
                                    dialer_of(wire_));
      auto const socket = manager.socket();
      auto const other = manager.socket("/other");
      listening_.attach(manager, socket);
      socket.connect();
      other.connect();
      turn();
      for (int step = 0; !script_.ended() && step < 400; ++step)
        act(socket);
      listening_.close();
      manager.close();
      turn();
      // Goodbyes have their time, and no more.
      pass(std::chrono::minutes{1});
    }
    turn();
    for (auto const& end : wire_->ends)
      require(end->closed());
  }

 private:
  void turn() { runtime_.shard(0).run_ready(); }
  void pass(core::Milliseconds time) {
    for (int i = 0; i < 4; ++i) {
      clock_.advance(time / 4);
      turn();
    }
  }
  core::MemoryClient* end() {
    if (wire_->ends.empty()) return nullptr;
    return wire_->ends[script_.next() % wire_->ends.size()].get();
  }

  void send(std::string_view bytes) {
    auto* const to = end();
    if (to == nullptr) return;
    auto const step = std::max<std::size_t>(1, bytes.size() / (1 + script_.next() % 4));
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      to->write(bytes.substr(at, step));
      turn();
    }
  }
  void answer(std::string_view body) {
    send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body));
  }

  /// The answer that a WebSocket's request wants.
  void accept(std::string_view lines) {
    auto* const to = end();
    if (to == nullptr) return;
    constexpr std::string_view name = "Sec-WebSocket-Key: ";
    auto const& request = to->received();
    auto const at = request.find(name);
    std::string key(24, 'A');
    if (at != request.npos) key = request.substr(at + name.size(), 24);
    auto const accepted = websocket::KeyHasher().accept_key(key);
    to->write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
        "Upgrade\r\nSec-WebSocket-Accept: " +
        std::string(accepted.data(), accepted.size()) + "\r\n" + std::string(lines) + "\r\n");
    turn();
  }

  void frame(websocket::Opcode opcode, std::string_view payload, bool compressed) {
    std::array<char, websocket::max_header_size> header;
    auto const size =
        websocket::encode_header(header.data(), opcode, payload.size(), {.compressed = compressed});
    send(std::string(header.data(), size).append(payload));
  }

  void act(client::Socket const& socket) {
    using websocket::Opcode;
    constexpr std::string_view handshake =
        R"(0{"sid":"s","upgrades":["websocket"],"pingInterval":1000,"pingTimeout":500,"maxPayload":200})";
    switch (script_.next() % 18) {
      case 0:
        return send(script_.text());
      case 1:
        return answer(script_.text());
      case 2:
        return answer(handshake);
      case 3:
        return answer(
            "40{\"sid\":\"a\",\"pid\":\"p\"}\x1e"
            "40/other,{\"sid\":\"b\"}");
      case 4:
        return answer("ok");
      case 5:
        return accept(script_.text());
      case 6:
        return accept("Sec-WebSocket-Extensions: permessage-deflate\r\n");
      case 7:
        return frame(Opcode::text, script_.text(), false);
      case 8:
        return frame(Opcode::binary, script_.text(), false);
      case 9:
        return frame(Opcode::text, script_.text(), true);
      case 10:
        return frame(Opcode::text, handshake, false);
      case 11:
        return frame(Opcode::text, "40{\"sid\":\"a\"}", false);
      case 12:
        if (auto* const to = end()) to->close();
        return turn();
      case 13:
        if (auto* const to = end()) to->reset();
        return turn();
      case 14:
        return pass(core::Milliseconds{script_.next() * 20});
      case 15:
        socket.emit("text", script_.text(), [this](AckReply const&) { require(!listening_.closed()); });
        socket.volatile_().emit("data", Bytes("data"));
        return turn();
      case 16:
        wire_->refuses = script_.next() % 2 == 1;
        return turn();
      case 17:
        if (script_.next() % 2 == 0) {
          socket.disconnect();
        } else {
          socket.connect();
        }
        return turn();
      default:
        return;
    }
  }

  core::ManualClock clock_;
  Runtime runtime_{
      RuntimeOptions{.worker_threads = 0, .log_sink = [](LogRecord const&) {}, .clock = &clock_}};
  std::shared_ptr<Wire> wire_ = std::make_shared<Wire>();
  Script script_;
  Options options_;
  Listening listening_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  Play(std::string_view(reinterpret_cast<char const*>(data), size)).run();
  return 0;
}
