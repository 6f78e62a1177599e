// What a server may do to a client: the test is the server, byte by byte.
#include "unit/client/client_fixture.hpp"

#include <aerie/core/base64.hpp>
#include <aerie/websocket/frame.hpp>
#include <aerie/websocket/handshake.hpp>
#include <aerie/websocket/peer.hpp>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace client { namespace test {

namespace {

constexpr std::string_view handshake =
    R"(0{"sid":"abc","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":100})";

std::string answer(std::string_view body, std::string_view status = "200 OK", std::string_view lines = "") {
  return core::concat("HTTP/1.1 ", status, "\r\nContent-Length: ", std::to_string(body.size()), "\r\n", lines,
                      "\r\n", body);
}

std::string frame(websocket::Opcode opcode, std::string_view payload) {
  std::string out(websocket::max_header_size, '\0');
  out.resize(websocket::encode_header(out.data(), opcode, payload.size()));
  return out.append(payload);
}

std::string accept_for(std::string const& request) {
  constexpr std::string_view name = "Sec-WebSocket-Key: ";
  auto const at = request.find(name) + name.size();
  auto const key = websocket::KeyHasher().accept_key(request.substr(at, request.find("\r\n", at) - at));
  return core::concat("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n",
                      "Sec-WebSocket-Accept: ", std::string_view(key.data(), key.size()), "\r\n\r\n");
}

class ClientEngine : public ClientFixture {
 protected:
  Manager connect(Options options) {
    auto manager = make(std::move(options));
    socket.emplace(manager.socket());
    socket->on("connect", [this] { got.emplace_back("connect"); });
    socket->on("connect_error", [this](std::string const& message, Value const& data) {
      got.push_back(message);
      why = data["description"].get_if<std::string_view>().value_or("");
    });
    socket->on("disconnect", [this](std::string const& reason) { got.push_back(reason); });
    socket->connect();
    run();
    return manager;
  }
  core::MemoryClient& server(std::size_t index) { return wire->pipes.at(index)->client_end; }
  std::string request(std::size_t index) {
    run();
    return server(index).take();
  }
  void reply(std::size_t index, std::string_view bytes) {
    server(index).write(bytes);
    run();
  }

  std::optional<Socket> socket;
  std::vector<std::string> got;
  std::string why;
};

Options polling(Options options = {}) {
  options.transports = {Transport::polling};
  options.reconnection = false;
  return options;
}

Options websocket_only(Options options = {}) {
  options.transports = {Transport::websocket};
  options.reconnection = false;
  return options;
}

}  // namespace

TEST_F(ClientEngine, APollingRequestSaysWhatItShould) {
  auto const manager = connect(polling({.query = {{"a b", "ü&="}},
                                        .extra_headers = {{"Authorization", "Bearer x"}},
                                        .timestamp_requests = false,
                                        .with_credentials = true}));
  EXPECT_EQ(request(0),
            "GET /socket.io/?a%20b=%C3%BC%26%3D&EIO=4&transport=polling HTTP/1.1\r\nHost: server.test\r\n"
            "User-Agent: aerie\r\nAccept: */*\r\nAuthorization: Bearer x\r\n\r\n");
  reply(0, answer(handshake, "200 OK", "Set-Cookie: node=7; Path=/\r\n"));
  // The poll goes on on its connection, what is sent has one of its own.
  EXPECT_NE(request(0).find("&sid=abc HTTP/1.1\r\n"), std::string::npos);
  auto const post = request(1);
  EXPECT_TRUE(post.starts_with("POST /socket.io/?")) << post;
  EXPECT_NE(post.find("Cookie: node=7\r\n"), std::string::npos);
  EXPECT_TRUE(post.ends_with("Content-Type: text/plain;charset=UTF-8\r\nContent-Length: 2\r\n\r\n40"))
      << post;
  reply(1, answer("ok"));
  reply(0, answer("40{\"sid\":\"s1\"}"));
  EXPECT_EQ(got, (std::vector<std::string>{"connect"}));
  EXPECT_EQ(socket->id(), "s1");
}

TEST_F(ClientEngine, WhatIsSentByPollingIsNoMoreThanTheServerTakes) {
  auto const manager = connect(polling());
  reply(0, answer(handshake));
  reply(1, answer("ok"));
  reply(0, answer("40{\"sid\":\"s1\"}"));
  request(1);
  for (int i = 0; i < 5; ++i)
    socket->emit("e", std::string(30, 'x'));
  // The first leaves at once; of the others, 40 bytes and a separator each, two go into 100.
  for (auto const packets : {1, 2, 2}) {
    auto const post = request(1);
    EXPECT_EQ(std::count(post.begin(), post.end(), '\x1e'), packets - 1) << post;
    reply(1, answer("ok"));
  }
  EXPECT_EQ(request(1), "");
}

TEST_F(ClientEngine, AConnectionThatTheServerGivesUpBetweenTwoRequestsIsMadeAnew) {
  auto const manager = connect(polling());
  reply(0, answer(handshake));
  reply(1, answer("ok"));
  reply(0, answer("40{\"sid\":\"s1\"}"));
  server(1).close();
  run();
  socket->emit("e", 1);
  run();
  ASSERT_EQ(wire->pipes.size(), 3U);
  EXPECT_TRUE(request(2).ends_with("42[\"e\",1]"));
  EXPECT_EQ(got, (std::vector<std::string>{"connect"}));
}

TEST_F(ClientEngine, WhateverAServerAnswersToAPollTheErrorSaysWhatItWas) {
  struct Case {
    std::string answer;
    std::string message;
    std::string why;
  };
  for (auto const& each : std::vector<Case>{
           {answer("{\"code\":5}", "400 Bad Request"), "xhr poll error", "the server has answered 400"},
           {answer("", "302 Found", "Location: http://other/\r\n"), "xhr poll error",
            "the server has answered 302"},
           {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "xhr poll error",
            "the response has a status line that is not HTTP/1.1"},
           {answer("hello"), "parser error", "an answer to a poll is no payload"},
           {answer("0{\"sid\":\"\"}"), "parser error", "the server's handshake is not that of Engine.IO 4"},
           {answer("0{\"sid\":\"x\",\"pingInterval\":\"1\"}"), "parser error",
            "the server's handshake is not that of Engine.IO 4"},
           {answer("0{\"sid\":\"x\",\"pingInterval\":-5,\"pingTimeout\":1}"), "parser error",
            "the server's handshake is not that of Engine.IO 4"},
           {answer("0\xff\xfe"), "parser error", "the server's handshake is not that of Engine.IO 4"},
           {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "xhr poll error",
            "the response has a body that is too large"},
       }) {
    auto const manager = connect(polling());
    reply(wire->pipes.size() - 1, each.answer);
    EXPECT_EQ(got, (std::vector<std::string>{each.message})) << each.answer;
    EXPECT_EQ(why, each.why);
    got.clear();
    wire->pipes.clear();
  }
}

TEST_F(ClientEngine, AServerThatNeverEndsItsAnswerIsLeft) {
  auto const manager = connect(polling({.max_message_size = 10'000}));
  reply(0, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 20; ++i)
    reply(0, "3e8\r\n" + std::string(1000, 'x') + "\r\n");
  EXPECT_EQ(got, (std::vector<std::string>{"xhr poll error"}));
  EXPECT_TRUE(server(0).closed());
}

TEST_F(ClientEngine, OneThatAnswersByteByByteHasTheTimeToConnectAndNoMore) {
  auto const manager = connect(polling({.timeout = 1s}));
  for (int i = 0; i < 20; ++i) {
    server(0).write("H");
    advance(100ms);
  }
  EXPECT_EQ(got.size(), 1U);
}

TEST_F(ClientEngine, AWebSocketIsAskedForAndUsedAsTheStandardHasIt) {
  auto const manager = connect(websocket_only());
  auto const hello = request(0);
  EXPECT_TRUE(
      hello.starts_with("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: server.test\r\n"));
  reply(0, accept_for(hello));
  reply(0, frame(websocket::Opcode::text, handshake));
  auto bytes = request(0);
  // A masked text frame of two bytes: 0x81, 0x82, the mask, "40".
  ASSERT_EQ(bytes.size(), 8U);
  EXPECT_EQ(bytes.substr(0, 2), "\x81\x82");
  websocket::Mask mask;
  std::copy_n(bytes.data() + 2, sizeof mask, reinterpret_cast<char*>(&mask));
  std::string payload = bytes.substr(6);
  websocket::apply_mask(payload, mask);
  EXPECT_EQ(payload, "40");
  reply(0, frame(websocket::Opcode::text, "40{\"sid\":\"s1\"}"));
  reply(0, frame(websocket::Opcode::ping, "are you there"));
  EXPECT_EQ(static_cast<unsigned char>(request(0).front()), 0x8A);
  EXPECT_EQ(got, (std::vector<std::string>{"connect"}));
  reply(0, frame(websocket::Opcode::close, ""));
  EXPECT_EQ(got.back(), "transport close");
}

TEST_F(ClientEngine, WhatIsNoWebSocketIsNotTakenForOne) {
  auto const with = [](std::string_view from, std::string_view to) {
    return [=](std::string answer) {
      auto const at = answer.find(from);
      return answer.replace(at, from.size(), to);
    };
  };
  std::vector<std::function<std::string(std::string)>> const changes{
      with("101 Switching Protocols", "200 OK"),
      with("Upgrade: websocket\r\n", ""),
      with("Connection: Upgrade", "Connection: close"),
      with("Sec-WebSocket-Accept: ", "Sec-WebSocket-Accept: x"),
      with("\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-bzip2\r\n\r\n"),
      with("\r\n\r\n", "\r\nSec-WebSocket-Protocol: other\r\n\r\n"),
      [](std::string const&) { return std::string("HTTP/1.1 101 X\r\nA: ") + std::string(20'000, 'x'); },
      [](std::string const& answer) { return answer + "\x81\x85mask!"; },  // masked
      [](std::string const& answer) { return answer + "\xc1\x01x"; },      // compressed
      [](std::string const& answer) { return answer + "\x83\x01x"; },      // no such opcode
      [](std::string const& answer) {
        return answer + std::string("\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10);
      },
      [](std::string const& answer) { return answer + "\x81\x01\xff"; },  // no UTF-8
      [](std::string const& answer) { return answer + "\x81\x01x"; },     // no packet
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    auto const manager = connect(websocket_only());
    auto const last = wire->pipes.size() - 1;
    reply(last, changes[i](accept_for(request(last))));
    EXPECT_EQ(got, (std::vector<std::string>{"websocket error"})) << i;
    got.clear();
  }
}

TEST_F(ClientEngine, AStreamOfFragmentsWithoutAnEndIsBounded) {
  auto const manager = connect(websocket_only({.max_message_size = 10'000}));
  reply(0, accept_for(request(0)));
  auto fragment = frame(websocket::Opcode::text, std::string(1000, '4'));
  fragment[0] = '\x01';
  reply(0, fragment);
  fragment[0] = '\x00';
  for (int i = 0; i < 20; ++i)
    reply(0, fragment);
  EXPECT_EQ(got, (std::vector<std::string>{"websocket error"}));
  EXPECT_TRUE(server(0).closed() || server(0).ended());
}

TEST_F(ClientEngine, OtherTransportsAreTriedIfThatIsAskedFor) {
  for (auto const first : {Transport::polling, Transport::websocket}) {
    wire->pipes.clear();
    auto options = first == Transport::polling
                       ? Options{.transports = {Transport::polling, Transport::websocket}}
                       : Options{.transports = {Transport::websocket, Transport::polling}};
    options.reconnection = false;
    options.try_all_transports = true;
    auto const manager = connect(options);
    reply(0, answer("no", "404 Not Found"));
    ASSERT_EQ(wire->pipes.size(), 2U);
    auto const second = request(1);
    EXPECT_NE(second.find(first == Transport::polling ? "transport=websocket" : "transport=polling"),
              std::string::npos);
    EXPECT_TRUE(got.empty());
  }
}

TEST_F(ClientEngine, AProbeThatFailsLeavesPollingAsItIs) {
  auto const manager = connect({.reconnection = false});
  reply(0, answer(R"(0{"sid":"abc","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000})"));
  // The poll, the post, and the probe.
  ASSERT_EQ(wire->pipes.size(), 3U);
  for (std::size_t i = 1; i < 3; ++i) {
    auto const asked = request(i);
    reply(i, asked.starts_with("POST") ? answer("ok") : answer("no", "403 Forbidden"));
  }
  reply(0, answer("40{\"sid\":\"s1\"}"));
  EXPECT_EQ(got, (std::vector<std::string>{"connect"}));
}

namespace {

/// What a client says over a WebSocket: its texts, and `close`.
std::vector<std::string> read_frames(std::string bytes) {
  websocket::Peer peer;
  std::vector<std::string> seen;
  std::span<char> rest(bytes);
  while (true) {
    auto const event = peer.receive(rest, {});
    using Kind = websocket::PeerEvent::Kind;
    if (event.kind == Kind::need_more) return seen;
    if (event.kind == Kind::text) seen.emplace_back(event.payload.begin(), event.payload.end());
    if (event.kind == Kind::closed) return seen.emplace_back("close"), seen;
  }
}

}  // namespace

TEST_F(ClientEngine, ClosedWithinAnUpgradeItEndsWhenThatIsOver) {
  for (auto const is_lost : {false, true}) {
    wire->pipes.clear();
    got.clear();
    auto const manager = connect({.reconnection = false});
    reply(0, answer(R"(0{"sid":"abc","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000})"));
    ASSERT_EQ(wire->pipes.size(), 3U);
    std::size_t probe = 0;
    for (std::size_t i = 1; i < 3; ++i) {
      auto const asked = request(i);
      auto const is_post = asked.starts_with("POST");
      if (!is_post) probe = i;
      reply(i, is_post ? answer("ok") : accept_for(asked));
    }
    EXPECT_EQ(read_frames(request(probe)), std::vector<std::string>{"2probe"});
    reply(0, answer("40{\"sid\":\"s1\"}"));
    EXPECT_EQ(got, (std::vector<std::string>{"connect"}));
    reply(probe, frame(websocket::Opcode::text, "3probe"));
    // The poll is still to be answered, and what is emitted waits for the WebSocket.
    socket->emit("last");
    socket->disconnect();
    run();
    EXPECT_FALSE(server(probe).closed());
    EXPECT_EQ(request(probe), "");
    if (is_lost) {
      server(probe).reset();
      run();
    } else {
      reply(0, answer("6"));
      EXPECT_EQ(read_frames(request(probe)), (std::vector<std::string>{"5", "42[\"last\"]", "41", "close"}));
      reply(probe, frame(websocket::Opcode::close, ""));
      server(probe).close();
    }
    advance(5s);
    EXPECT_TRUE(server(0).closed());
    EXPECT_TRUE(server(probe).closed());
    EXPECT_EQ(got, (std::vector<std::string>{"connect", "io client disconnect"}));
  }
}

TEST_F(ClientEngine, AnAnswerThatNobodyHasAskedForChangesNothing) {
  auto const manager = connect(websocket_only());
  reply(0, accept_for(request(0)));
  reply(0, frame(websocket::Opcode::text, handshake));
  for (auto const* const text : {"40{\"sid\":\"s1\"}", "40{\"sid\":\"s2\"}", "40", "44{\"message\":\"no\"}",
                                 "431[1]", "40/other,{\"sid\":\"s3\"}", "41/other"})
    reply(0, frame(websocket::Opcode::text, text));
  EXPECT_EQ(got, (std::vector<std::string>{"connect"}));
  EXPECT_EQ(socket->id(), "s1");
  EXPECT_TRUE(socket->connected());
}

TEST_F(ClientEngine, CookiesAreSentBackIfThatIsAskedFor) {
  for (auto const with : {true, false}) {
    wire->pipes.clear();
    auto const manager = connect(polling({.extra_headers = {{"Cookie", "own=1"}}, .with_credentials = with}));
    EXPECT_NE(request(0).find("\r\nCookie: own=1\r\n"), std::string::npos);
    reply(0, answer(handshake, "200 OK",
                    "Set-Cookie: a=1; Path=/; HttpOnly\r\nSet-Cookie: b=2; Max-Age=10\r\n"));
    auto const second = request(0);
    EXPECT_EQ(second.find("\r\nCookie: own=1; a=1; b=2\r\n") != std::string::npos, with) << second;
    EXPECT_EQ(second.find("\r\nCookie: own=1\r\n") != std::string::npos, !with) << second;
  }
}

TEST_F(ClientEngine, WhatIsEmittedAfterTheHeartbeatHasRunOutWaitsForTheNextConnection) {
  auto options = polling();
  options.reconnection = true;
  auto const manager = connect(options);
  reply(0, answer(handshake));
  EXPECT_NE(request(1).find("\r\n\r\n40"), std::string::npos);
  reply(1, answer("ok"));
  reply(0, answer("40{\"sid\":\"s1\"}"));
  EXPECT_EQ(got, (std::vector<std::string>{"connect"}));
  // As on a machine that has slept: the time is over, and no timer has said so yet.
  clock.advance(46s);
  socket->emit("late");
  run();
  EXPECT_EQ(request(1).find("late"), std::string::npos);
  EXPECT_EQ(got.back(), "ping timeout");
  auto const old = wire->pipes.size();
  advance(6s);
  ASSERT_GT(wire->pipes.size(), old);
  reply(old, answer(handshake));
  reply(old + 1, answer("ok"));
  reply(old, answer("40{\"sid\":\"s2\"}"));
  EXPECT_EQ(got.back(), "connect");
  EXPECT_NE(request(old + 1).find("42[\"late\"]"), std::string::npos);
}

TEST_F(ClientEngine, AServerOfVersion2IsRecognised) {
  auto const manager = connect(polling());
  reply(0, answer(handshake));
  reply(1, answer("ok"));
  reply(0, answer("40"));
  ASSERT_EQ(got.size(), 1U);
  EXPECT_TRUE(got[0].starts_with("It seems you are trying to reach a Socket.IO server in v2.x"));
}

TEST_F(ClientEngine, APacketThatIsNoneEndsTheConnection) {
  for (auto const* const packet : {"42[", "4", "49", "4512-[]", "42null", "4451-[]"}) {
    wire->pipes.clear();
    auto const manager = connect(polling());
    reply(0, answer(handshake));
    reply(1, answer("ok"));
    reply(0, answer("40{\"sid\":\"s1\"}"));
    reply(0, answer(packet));
    EXPECT_EQ(got, (std::vector<std::string>{"connect", "parse error"})) << packet;
    got.clear();
  }
}

}}}}  // namespace aerie::v1::client::test
