#include "fuzz/server/packets.hpp"

#include "unit/websocket/frames.hpp"

#include <aerie/core/base64.hpp>

namespace aerie::fuzz {
namespace {

std::string_view random_namespace(Random& random) {
  return random.one_of("", "", "", "", "/chat,", "/chat,", "/dynamic-1,", "/dynamic-2,", "/asked,",
                       "/odd?a=b,", "/nowhere,", "/dynamic-3", ",");
}

std::string_view random_event(Random& random) {
  return random.one_of("echo", "echo", "typed", "ack", "twice", "never", "task", "ask", "fetch", "blocking",
                       "mischief", "mischief", "burst", "stop", "unknown", "connection", "disconnect");
}

std::string random_json(Random& random) {
  return std::string(random.one_of("1", "-0.5", "1e400", "\"text\"", "\"\\ud800\"", "null", "true", "[]",
                                   "{}", "[1,2,3]", R"({"name":"Ada","age":36})", R"({"a":{"b":[{}]}})",
                                   R"({"_placeholder":true,"num":0})", R"({"_placeholder":true,"num":7})",
                                   "\"a long text, a long text, a long text, a long text\"", "[[[[[[]]]]]]"));
}

std::string random_arguments(Random& random, std::string first) {
  auto text = "[" + std::move(first);
  for (auto count = random.below(4); count > 0; --count)
    text += "," + random_json(random);
  return text + "]";
}

}  // namespace

std::vector<Message> random_messages(Random& random) {
  auto const nsp = std::string(random_namespace(random));
  auto const ack = random.one_in(2) ? std::to_string(random.below(6)) : std::string();
  std::vector<Message> messages;
  auto const say = [&](std::string packet) { messages.push_back({std::move(packet)}); };
  switch (random.below(16)) {
    case 0:
    case 1:
      say("40" + nsp + (random.one_in(2) ? R"({"token":"t"})" : ""));
      break;
    case 2:
      say("41" + nsp);
      break;
    case 3:
      say("43" + nsp + ack + random_arguments(random, "1"));
      break;
    case 4:
    case 5: {
      auto const count = random.below(3);
      auto packet =
          "45" + std::to_string(count) + "-" + nsp + ack + "[\"" + std::string(random_event(random)) + "\"";
      for (std::size_t i = 0; i < count; ++i)
        packet += R"(,{"_placeholder":true,"num":)" + std::to_string(i) + "}";
      say(packet + "]");
      for (std::size_t i = random.one_in(8) ? 1 : 0; i < count; ++i)
        messages.push_back({random.bytes(random.below(40)), true});
      break;
    }
    case 6:
      say(std::string(random.one_of("1", "2", "3", "5", "6", "2probe", "3probe", "4", "44", "46", "9", "")));
      break;
    case 7:
      messages.push_back({random.bytes(random.below(20)), random.one_in(2)});
      break;
    default:
      say("42" + nsp + ack + random_arguments(random, "\"" + std::string(random_event(random)) + "\""));
  }
  if (random.one_in(25) && !messages.empty()) damage(random, messages.front().payload);
  return messages;
}

std::string frames_of(Random& random, std::vector<Message> const& messages) {
  using websocket::test::wire;
  std::string bytes;
  for (auto const& message : messages) {
    unsigned const opcode = message.is_binary ? 2 : 1;
    if (random.one_in(12) && message.payload.size() > 1) {
      auto const cut = random.below(message.payload.size());
      bytes += wire({.first = opcode, .payload = message.payload.substr(0, cut)});
      if (random.one_in(3)) bytes += websocket::test::ping_frame("p");
      bytes += wire({.first = 0x80, .payload = message.payload.substr(cut)});
    } else {
      bytes += wire({.first = 0x80U | opcode, .payload = message.payload});
    }
  }
  if (random.one_in(30)) bytes += websocket::test::ping_frame("hello");
  if (random.one_in(120)) bytes += websocket::test::close_frame(1000);
  if (random.one_in(120)) bytes += wire({.first = static_cast<unsigned>(random.below(256)), .payload = "x"});
  if (random.one_in(120)) bytes += wire({.first = 0x81, .payload = "4", .masked = false});
  return bytes;
}

std::string payload_of(std::vector<Message> const& messages) {
  std::string body;
  for (auto const& message : messages) {
    if (!body.empty()) body += '\x1e';
    if (message.is_binary) {
      body += 'b';
      base64::append_encoded(body, message.payload);
    } else {
      body += message.payload;
    }
  }
  return body;
}

void damage(Random& random, std::string& bytes) {
  for (auto count = 1 + random.below(3); count > 0; --count) {
    auto const at = random.below(bytes.size() + 1);
    switch (random.below(4)) {
      case 0:
        bytes.resize(at);
        break;
      case 1:
        bytes.insert(at, random.bytes(1 + random.below(8)));
        break;
      default:
        if (at < bytes.size()) bytes[at] = static_cast<char>(random.next());
    }
  }
}

}  // namespace aerie::fuzz
