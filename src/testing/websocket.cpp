#include "testing/shown.hpp"
#include "testing/websocket_end.hpp"

#include <aerie/core/log.hpp>
#include <aerie/testing/websocket.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace testing {

namespace {

/// The data, if the text is an event of that name.
std::optional<Value> data_of(std::string_view text, std::string_view event) {
  Value message;
  if (!json::parse(text, message) || message["event"] != Value(event)) return std::nullopt;
  return message["data"];
}

}  // namespace

WebSocket::WebSocket(std::shared_ptr<WebSocketEnd> end) noexcept : end_(std::move(end)) {}
WebSocket::WebSocket(WebSocket&&) noexcept = default;
WebSocket& WebSocket::operator=(WebSocket&&) noexcept = default;
WebSocket::~WebSocket() = default;

bool WebSocket::is_open() const noexcept {
  return end_->is_open();
}

HttpResponse const& WebSocket::handshake() const noexcept {
  return end_->handshake();
}

std::optional<websocket::CloseCode> WebSocket::close_code() const noexcept {
  return end_->close_code();
}

void WebSocket::send(websocket::Opcode opcode, std::string_view payload) {
  if (!is_open()) throw Failure("aerie: this WebSocket is not open: nothing can be sent");
  end_->send(opcode, payload);
  end_->network().run();
}

void WebSocket::send_text(std::string_view text) {
  send(websocket::Opcode::text, text);
}

void WebSocket::send_binary(std::string_view bytes) {
  send(websocket::Opcode::binary, bytes);
}

void WebSocket::send_event(std::string_view event, EncodableRef data) {
  send_text(json::stringify(Value::object({{"event", event}, {"data", to_value(data)}})));
}

void WebSocket::send_event(std::string_view event) {
  send_text(json::stringify(Value::object({{"event", event}})));
}

void WebSocket::send_raw(std::string_view bytes) {
  end_->send_raw(bytes);
  end_->network().run();
}

std::vector<std::string> WebSocket::received() const {
  std::vector<std::string> texts;
  for (auto const& message : end_->messages())
    texts.push_back(message.data);
  return texts;
}

void WebSocket::forget_received() {
  end_->messages().clear();
}

Value WebSocket::expect_event(std::string_view event) {
  auto& messages = end_->messages();
  for (auto message = messages.begin(); message != messages.end(); ++message) {
    auto data = data_of(message->data, event);
    if (!data) continue;
    messages.erase(message);
    return std::move(*data);
  }
  throw Failure(core::concat("aerie: the client has not received \"", event, "\", but ", shown(received()),
                             is_open() ? "" : ", and its connection is closed"));
}

void WebSocket::expect_nothing() const {
  if (end_->messages().empty()) return;
  throw Failure(
      core::concat("aerie: the client was to receive nothing, but has received ", shown(received())));
}

void WebSocket::close(websocket::CloseCode code) {
  end_->close(code);
  end_->network().run();
}

void WebSocket::lose_connection() {
  end_->lose();
  end_->network().run();
}

void WebSocket::stop_reading(std::size_t window) {
  end_->set_window(window);
}

}}}  // namespace aerie::v1::testing
