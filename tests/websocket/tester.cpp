#include "websocket/tester.hpp"

#include "websocket/endpoint.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

namespace aerie::websocket::cases {
namespace {

/// What the endpoint writes, judged frame by frame.
class Reader {
 public:
  Reader(Role endpoint, std::optional<DeflateParameters> const& agreed) : masked_(endpoint == Role::client) {
    auto const own = masked_ ? Role::server : Role::client;
    if (agreed) deflate_ = std::make_unique<Deflate>(own, *agreed, DeflateOptions{.enabled = true});
  }

  void read(std::string_view bytes, std::size_t number, Outcome& outcome) {
    bytes_ += bytes;
    while (outcome.fault.empty() && take_frame(number, outcome)) {
    }
    bytes_.erase(0, std::exchange(at_, 0));
  }
  bool is_between_frames() const { return bytes_.empty() && opcode_ == 0; }

 private:
  unsigned byte(std::size_t at) const { return static_cast<unsigned char>(bytes_[at_ + at]); }
  std::uint64_t number(std::size_t at, std::size_t size) const {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8U | byte(at + i);
    return value;
  }

  bool take_frame(std::size_t read, Outcome& outcome) {
    auto const left = bytes_.size() - at_;
    if (left < 2) return false;
    std::uint64_t length = byte(1) & 0x7FU;
    std::size_t const extra = length == 126 ? 2 : length == 127 ? 8 : 0;
    std::size_t const header = 2 + extra + (masked_ ? 4 : 0);
    if (left < header) return false;
    if (extra > 0) length = number(2, extra);
    if (left - header < length) return false;
    auto const first = byte(0);
    if (((byte(1) & 0x80U) != 0) != masked_) outcome.fault = "wrongly masked or not masked";
    if ((extra == 2 && length < 126) || (extra == 8 && length < 65536))
      outcome.fault = "a length in too long a form";
    if (outcome.code) outcome.fault = "a frame behind the close frame";
    std::string payload(bytes_, at_ + header, static_cast<std::size_t>(length));
    if (masked_) {
      for (std::size_t i = 0; i < payload.size(); ++i)
        payload[i] = static_cast<char>(payload[i] ^ bytes_[at_ + header - 4 + i % 4]);
    }
    at_ += header + payload.size();
    if (outcome.fault.empty()) judge(first, std::move(payload), read, outcome);
    return true;
  }

  void judge(unsigned first, std::string payload, std::size_t read, Outcome& outcome) {
    auto const opcode = first & 0x0FU;
    auto const is_last = (first & 0x80U) != 0;
    if ((first & 0x30U) != 0) outcome.fault = "RSV2 or RSV3";
    if ((first & 0x40U) != 0 && (deflate_ == nullptr || opcode == 0 || opcode >= 8)) outcome.fault = "RSV1";
    if (opcode >= 8) {
      if (!is_last || payload.size() > 125) outcome.fault = "a control frame of wrong form";
      if (opcode == 10) outcome.received.push_back(pong(payload));
      if (opcode == 8) {
        outcome.code = payload.size() < 2 ? no_code
                                          : static_cast<unsigned char>(payload[0]) * 256U +
                                                static_cast<unsigned char>(payload[1]);
        outcome.read = read;
      }
      if (opcode != 8 && opcode != 10) outcome.fault = "a control frame that nobody asked for";
      return;
    }
    if (opcode > 2 || (opcode == 0) != (opcode_ != 0)) outcome.fault = "a data frame out of order";
    if (opcode != 0) {
      opcode_ = opcode;
      is_compressed_ = (first & 0x40U) != 0;
      message_.clear();
    }
    message_ += payload;
    if (is_last) finish_message(outcome);
  }

  void finish_message(Outcome& outcome) {
    if (is_compressed_) {
      std::vector<char> message;
      auto const error = deflate_->decompress(message_, std::size_t{64} << 20U, message);
      if (error != Error::none) outcome.fault = describe(error);
      message_.assign(message.begin(), message.end());
    }
    outcome.received.push_back(opcode_ == 1 ? text(message_) : binary(message_));
    opcode_ = 0;
  }

  std::string bytes_;
  std::size_t at_ = 0;
  std::string message_;
  std::unique_ptr<Deflate> deflate_;
  unsigned opcode_ = 0;  // Of the message in progress.
  bool is_compressed_ = false;
  bool masked_;
};

std::string on_the_wire(Frame frame, Role endpoint) {
  frame.masked = endpoint == Role::server;
  return test::wire(frame);
}

std::vector<std::string> reads_of(Script const& script, Role endpoint) {
  std::vector<std::string> reads;
  std::string all;
  for (auto const& frame : script.frames) {
    if (script.sending == Sending::framewise) {
      reads.push_back(on_the_wire(frame, endpoint));
    } else {
      all += on_the_wire(frame, endpoint);
    }
  }
  std::size_t at = 0;
  if (!script.reads.empty()) {
    auto const payload = script.frames.front().payload.size();
    at = all.size() - payload;  // The header goes with the first part.
    std::size_t from = 0;
    for (auto const length : script.reads) {
      at += length;
      reads.push_back(all.substr(from, at - from));
      from = at;
    }
  }
  auto const step = script.sending == Sending::chopped ? script.chop : std::max<std::size_t>(all.size(), 1);
  for (; at < all.size(); at += step)
    reads.push_back(all.substr(at, step));
  return reads;
}

/// Not more than a line of it.
std::string shown(std::string const& text) {
  constexpr std::size_t line = 60;
  if (text.size() <= line) return text;
  return text.substr(0, line) + "... (" + std::to_string(text.size()) + " bytes)";
}

}  // namespace

Outcome play(Script const& script, Role endpoint) {
  auto const end = make_endpoint(endpoint, script.deflate);
  Reader reader(endpoint, script.deflate);
  Outcome outcome;
  std::size_t number = 0;
  for (auto const& bytes : reads_of(script, endpoint))
    reader.read(end->read(bytes), number++, outcome);
  if (script.ending.kind == Ending::Kind::goes_on) {
    if (outcome.code || end->is_over()) outcome.fault += "closed before the tester did";
    Frame const close{.first = 0x88, .payload = close_body(1000)};
    reader.read(end->read(on_the_wire(close, endpoint)), number, outcome);
  }
  if (!reader.is_between_frames() && outcome.fault.empty()) outcome.fault = "half a frame or message";
  outcome.is_over = end->is_over();
  return outcome;
}

Outcome expected_of(Script const& script, Outcome const& outcome) {
  return {.received = script.expected,
          .code = script.ending.code,
          .read = script.fails_with_read ? script.fails_with_read : outcome.read,
          .is_over = true};
}

bool operator==(Outcome const& a, Outcome const& b) {
  return a.received == b.received && a.code == b.code && a.read == b.read && a.is_over == b.is_over &&
         a.fault == b.fault;
}

std::ostream& operator<<(std::ostream& out, Outcome const& outcome) {
  constexpr std::size_t most = 5;
  out << outcome.received.size() << " answers:";
  for (std::size_t i = 0; i < std::min(outcome.received.size(), most); ++i)
    out << " \"" << shown(outcome.received[i]) << '"';
  out << "; closed with " << outcome.code.value_or(0) << " at read " << outcome.read.value_or(0)
      << (outcome.is_over ? ", over" : ", not over");
  return out << (outcome.fault.empty() ? "" : "; ") << outcome.fault;
}

}  // namespace aerie::websocket::cases
