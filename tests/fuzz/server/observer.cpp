#include "fuzz/server/observer.hpp"

#include <aerie/core/utf8.hpp>
#include <aerie/schema/json.hpp>

#include <charconv>
#include <optional>
#include <utility>

namespace aerie::fuzz {
namespace {

void require(bool holds, std::string_view what, std::string_view bytes) {
  if (holds) return;
  throw Violation(std::string(what) + ": \"" + std::string(bytes.substr(0, 200)) + "\"");
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<std::string_view> header(std::string_view head, std::string_view name) {
  auto const begin = head.find("\r\n" + std::string(name) + ": ");
  if (begin == head.npos) return std::nullopt;
  auto const value = head.substr(begin + name.size() + 4);
  return value.substr(0, value.find("\r\n"));
}

std::string_view take_number(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && is_digit(text[size]))
    ++size;
  auto const number = text.substr(0, size);
  text.remove_prefix(size);
  return number;
}

std::size_t to_number(std::string_view digits, int base = 10) {
  std::size_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  return number;
}

}  // namespace

void Observer::feed(std::string_view bytes) {
  if (gave_up_) return;
  require(!ended_ || bytes.empty(), "something was sent after the end", bytes);
  bytes_ += bytes;
  while (!gave_up_ && (is_websocket_ ? take_frame() : take_answer())) {
  }
}

std::vector<std::string> Observer::take_packets() {
  return std::exchange(packets_, {});
}

bool Observer::take_answer() {
  auto const end = bytes_.find("\r\n\r\n");
  if (end == bytes_.npos) return false;
  std::string const head = bytes_.substr(0, end + 2);
  require(head.starts_with("HTTP/1.1 ") && head.size() > 12, "no status line", head);
  auto const status = to_number(std::string_view(head).substr(9, 3));
  require(status >= 100 && status < 600, "an impossible status", head);
  for (std::size_t at = 0; at < head.size(); ++at) {
    require(head[at] != '\n' || head[at - 1] == '\r', "a bare line feed in a head", head);
    require(head[at] != '\r' || head[at + 1] == '\n', "a bare carriage return in a head", head);
    require(head[at] != '\0', "a NUL in a head", head);
  }

  std::string body;
  std::size_t size = end + 4;
  if (header(head, "Transfer-Encoding") == "chunked") {
    while (true) {
      auto const line = bytes_.find("\r\n", size);
      if (line == bytes_.npos) return false;
      auto const chunk = to_number(std::string_view(bytes_).substr(size, line - size), 16);
      if (bytes_.size() < line + 2 + chunk + 2) return false;
      require(bytes_.compare(line + 2 + chunk, 2, "\r\n") == 0, "a chunk does not end", bytes_);
      body.append(bytes_, line + 2, chunk);
      size = line + 2 + chunk + 2;
      if (chunk == 0) break;
    }
  } else if (status >= 200 && status != 204 && status != 304) {
    auto const length = header(head, "Content-Length");
    require(length.has_value(), "an answer without a length", head);
    if (bytes_.size() < size + to_number(*length)) return false;
    body = bytes_.substr(size, to_number(*length));
    size += body.size();
  }
  bytes_.erase(0, size);
  if (status != 100) ++answers_;
  status_ = static_cast<int>(status);
  is_websocket_ = status == 101;
  ended_ = header(head, "Connection") == "close";
  require(!ended_ || bytes_.empty(), "something was sent after the last answer", bytes_);
  auto const type = header(head, "Content-Type").value_or("");
  if (status == 200 && type.starts_with("text/plain") && body != "ok") received_payload(body);
  return true;
}

void Observer::received_payload(std::string_view body) {
  while (true) {
    auto const end = body.find('\x1e');
    received_packet(body.substr(0, end));
    if (end == body.npos) return;
    body.remove_prefix(end + 1);
  }
}

bool Observer::take_frame() {
  if (bytes_.size() < 2) return false;
  auto const byte = [this](std::size_t at) { return static_cast<unsigned char>(bytes_[at]); };
  auto const opcode = byte(0) & 0x0FU;
  require((byte(0) & 0x70U) == 0, "reserved bits are set", bytes_);
  require((byte(0) & 0x80U) != 0, "a fragment", bytes_);
  require(opcode == 1 || opcode == 2 || (opcode >= 8 && opcode <= 10), "an unknown opcode", bytes_);
  require((byte(1) & 0x80U) == 0, "a masked frame", bytes_);
  std::size_t size = byte(1);
  std::size_t const extra = size == 127 ? 8 : size == 126 ? 2 : 0;
  if (bytes_.size() < 2 + extra) return false;
  if (extra != 0) {
    size = 0;
    for (std::size_t i = 0; i < extra; ++i)
      size = size << 8U | byte(2 + i);
    require(size > (extra == 2 ? 125U : 0xFFFFU), "a length that is not the shortest", bytes_);
  }
  require(opcode < 8 || size <= 125, "a long control frame", bytes_);
  if (bytes_.size() < 2 + extra + size) return false;
  auto const payload = bytes_.substr(2 + extra, size);
  bytes_.erase(0, 2 + extra + size);
  if (opcode == 8) {
    require(size != 1, "a close code of one byte", payload);
    require(bytes_.empty(), "something was sent after a Close frame", bytes_);
    ended_ = true;
  } else if (opcode < 8) {
    received_message(opcode == 2, payload);
  }
  return true;
}

void Observer::received_message(bool is_binary, std::string_view payload) {
  if (is_binary) {
    require(attachments_due_ > 0 || joins_a_session_, "an attachment of no packet", "");
    if (attachments_due_ > 0) --attachments_due_;
    packets_.emplace_back("b");
    return;
  }
  received_packet(payload);
}

// https://socket.io/docs/v4/engine-io-protocol/ and https://socket.io/docs/v4/socket-io-protocol/
void Observer::received_packet(std::string_view packet) {
  if (packet.starts_with('b') && !is_websocket_) return;  // base64
  require(!packet.empty() && packet[0] >= '0' && packet[0] <= '6', "no packet of Engine.IO", packet);
  require(utf8::is_valid(packet), "a text that is not UTF-8", packet);
  packets_.emplace_back(packet);
  if (packet[0] != '4') return;
  require(attachments_due_ == 0, "a packet between another and its attachments", packet);
  auto rest = packet.substr(1);
  require(!rest.empty() && rest[0] >= '0' && rest[0] <= '6', "no packet of Socket.IO", packet);
  bool const has_attachments = rest[0] == '5' || rest[0] == '6';
  rest.remove_prefix(1);
  if (has_attachments) {
    auto const count = to_number(take_number(rest));
    require(rest.starts_with('-'), "no number of attachments", packet);
    rest.remove_prefix(1);
    if (is_websocket_) attachments_due_ = count;
  }
  if (rest.starts_with('/')) {
    auto const comma = rest.find(',');
    rest = comma == rest.npos ? std::string_view() : rest.substr(comma + 1);
  }
  take_number(rest);
  if (rest.empty()) return;
  json::Reader reader(rest);
  require(reader.skip() && reader.finish(), "no JSON", packet);
}

}  // namespace aerie::fuzz
