#include "load/polling_client.hpp"

#include <utility>

namespace load {

namespace {

constexpr char packet_separator = '\x1e';

}  // namespace

PollingClient::PollingClient(std::size_t index, EventLoop& loop, Address const& server,
                             PollingListener& listener)
    : index_(index),
      server_(server),
      listener_(listener),
      poll_(
          loop, [this](std::string_view body) { on_payload(body); },
          [this](std::string_view why) { listener_.on_failed(index_, why); }),
      post_(
          loop, [this](std::string_view) { on_posted(); },
          [this](std::string_view why) { listener_.on_failed(index_, why); }) {}

void PollingClient::open() {
  session_.clear();
  unsent_.clear();
  ready_ = false;
  pausing_ = false;
  poll_.open(server_);
  post_.open(server_);
  poll();
}

void PollingClient::send(std::string_view packet) {
  if (!unsent_.empty()) unsent_.push_back(packet_separator);
  unsent_.append(packet);
  if (!pausing_ && !post_.busy()) post();
}

std::string PollingClient::request_line(std::string_view method) const {
  std::string text(method);
  text.append(" /socket.io/?EIO=4&transport=polling");
  if (!session_.empty()) text.append("&sid=").append(session_);
  return text.append(" HTTP/1.1\r\nHost: 127.0.0.1:")
      .append(std::to_string(server_.port))
      .append("\r\nAccept: */*\r\n");
}

void PollingClient::poll() {
  poll_.request(request_line("GET") + "\r\n");
}

void PollingClient::post() {
  if (unsent_.empty()) return;
  auto const body = std::exchange(unsent_, {});
  post_.request(request_line("POST") + "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n\r\n" + body);
}

void PollingClient::on_payload(std::string_view payload) {
  while (!payload.empty()) {
    auto const packet = payload.substr(0, payload.find(packet_separator));
    payload.remove_prefix(std::min(packet.size() + 1, payload.size()));
    on_engine_packet(packet);
  }
  if (!pausing_) return poll();
  poll_.close();
  rest();
}

void PollingClient::on_posted() {
  if (!pausing_) return post();
  post_.close();
  rest();
}

void PollingClient::pause() {
  pausing_ = true;
  if (!post_.busy()) post_.close();
}

void PollingClient::rest() {
  if (!poll_.busy() && !post_.busy()) listener_.on_paused(index_);
}

void PollingClient::on_engine_packet(std::string_view packet) {
  if (packet == "2") return send("3");
  if (packet.starts_with('0')) return take_session(packet);
  if (!packet.starts_with('4')) return;
  if (ready_) return listener_.on_packet(index_, packet.substr(1));
  if (!packet.starts_with("40")) return;
  ready_ = true;
  listener_.on_ready(index_);
}

void PollingClient::take_session(std::string_view handshake) {
  constexpr std::string_view name = "\"sid\":\"";
  auto const start = handshake.find(name);
  if (start == std::string_view::npos) return listener_.on_failed(index_, "a handshake without sid");
  auto const sid = handshake.substr(start + name.size());
  session_ = sid.substr(0, sid.find('"'));
  listener_.on_session(index_, session_);
  send("40");
}

}  // namespace load
