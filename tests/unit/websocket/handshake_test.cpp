#include <aerie/websocket/handshake.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace {

using namespace std::string_literals;
using namespace aerie::websocket;

// The example of RFC 6455 §1.2.
UpgradeRequest const good{.method = "GET",
                          .upgrade = "websocket",
                          .connection = "Upgrade",
                          .version = "13",
                          .key = "dGhlIHNhbXBsZSBub25jZQ=="};

Handshake shake(UpgradeRequest const& request, HandshakeOptions const& options = {}) {
  KeyHasher hasher;
  return shake_hands(request, options, hasher);
}

template <class Change>
Handshake shake_with(Change change) {
  auto request = good;
  change(request);
  return shake(request);
}

std::string text(AcceptKey const& key) {
  return {key.data(), key.size()};
}

TEST(Handshake, ComputesTheAcceptKeyOfTheRfc) {
  EXPECT_EQ(text(shake(good).accept), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(Handshake, UsesOneHasherForManyKeys) {
  KeyHasher hasher;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(text(hasher.accept_key("dGhlIHNhbXBsZSBub25jZQ==")), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    EXPECT_EQ(text(hasher.accept_key("x3JJHMbDL1EzLkh9GBhXDw==")), "HSmrc0sMlYUkAGmm5OPpG2HaGWk=");
  }
}

TEST(Handshake, TakesHeadersAsBrowsersWriteThem) {
  EXPECT_EQ(shake_with([](auto& r) { r.connection = "keep-alive, Upgrade"; }).error, Error::none);
  EXPECT_EQ(shake_with([](auto& r) { r.connection = "UPGRADE"; }).error, Error::none);
  EXPECT_EQ(shake_with([](auto& r) { r.upgrade = "WebSocket"; }).error, Error::none);
}

TEST(Handshake, RefusesRequestsThatAreNoUpgradeToWebSocket) {  // D16
  for (auto const* method : {"POST", "get", "", "CONNECT"})
    EXPECT_EQ(shake_with([&](auto& r) { r.method = method; }).error, Error::bad_method) << method;
  for (auto const* upgrade : {"h2c", "", "websocke", "websockets", "websocket/13", "h2c, websocket"})
    EXPECT_EQ(shake_with([&](auto& r) { r.upgrade = upgrade; }).error, Error::bad_upgrade) << upgrade;
  for (auto const* connection : {"", "close", "keep-alive", "Upgrades", "keep-alive Upgrade", "Upgrade; x"})
    EXPECT_EQ(shake_with([&](auto& r) { r.connection = connection; }).error, Error::bad_connection)
        << connection;
}

TEST(Handshake, RefusesOtherVersionsThan13) {  // D15
  for (auto const* version : {"", "12", "8", "14", "013", "13, 8", "130"})
    EXPECT_EQ(shake_with([&](auto& r) { r.version = version; }).error, Error::bad_version) << version;
}

TEST(Handshake, RefusesKeysThatAreNotSixteenBytes) {  // D15
  for (auto const* key : {"", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ===",
                          "dGhlIHNhbXBsZSBub25jZQAA", "dGhlIHNhbXBsZSBub25jZ===", "dGhlIHNhbXBsZSBub25jZ Q==",
                          "dGhlIHNhbXBsZSBub25j_-==", "dGhlIHNhbXBsZSBub25jZQ==,dGhlIHNhbXBsZSBub25jZQ=="})
    EXPECT_EQ(shake_with([&](auto& r) { r.key = key; }).error, Error::bad_key) << key;
  EXPECT_EQ(shake_with([](auto& r) { r.key = "+/09azAZ+/09azAZ+/09az=="; }).error, Error::none);
}

TEST(Handshake, TakesTheFirstProtocolUnlessToldOurs) {
  auto request = good;
  EXPECT_EQ(shake(request).protocol, "");
  request.protocol = "chat,  superchat\t,x";
  EXPECT_EQ(shake(request).protocol, "chat");
  std::string_view const ours[] = {"x", "superchat"};
  EXPECT_EQ(shake(request, {.subprotocols = ours}).protocol, "superchat");
  std::string_view const others[] = {"mqtt"};
  EXPECT_EQ(shake(request, {.subprotocols = others}).protocol, "");
}

TEST(Handshake, RefusesProtocolListsThatBreakTheGrammar) {  // F40
  std::string many;
  for (int i = 0; i < 33; ++i)
    many += (i == 0 ? "p" : ",p") + std::to_string(i);
  for (auto const& protocol : {" "s, ","s, "a,"s, ",a"s, "a,,b"s, "a b"s, "a,a"s, "a;b"s, "\"a\""s,
                               "caf\xc3\xa9"s, "a/b"s, "a\0"s + '\0', many})
    EXPECT_EQ(shake_with([&](auto& r) { r.protocol = protocol; }).error, Error::bad_protocol) << protocol;
}

TEST(Handshake, ReadsJunkInLinearTime) {  // CVE-2021-32640
  auto const protocol = "b" + std::string(8'000'000, ' ') + "x";
  auto const start = std::chrono::steady_clock::now();
  EXPECT_EQ(shake_with([&](auto& r) { r.protocol = protocol; }).error, Error::bad_protocol);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(Handshake, NegotiatesCompressionOnlyIfEnabled) {
  auto request = good;
  request.extensions = "permessage-deflate; client_max_window_bits";
  EXPECT_EQ(shake(request).deflate, std::nullopt);
  EXPECT_EQ(shake(request, {.deflate = {.enabled = true}}).deflate, DeflateParameters{});
  request.extensions = ",;constructor";
  EXPECT_EQ(shake(request).error, Error::bad_extensions);
}

TEST(Handshake, WritesThe101Head) {
  std::string head;
  append_acceptance(head, shake(good));
  EXPECT_EQ(head,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");

  auto request = good;
  request.protocol = "chat";
  request.extensions = "permessage-deflate; server_no_context_takeover";
  head.clear();
  append_acceptance(head, shake(request, {.deflate = {.enabled = true}}), "Set-Cookie: io=x\r\n");
  EXPECT_EQ(
      head,
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\n"
      "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\nSet-Cookie: io=x\r\n\r\n");
}

TEST(Handshake, WritesRefusalsAsTheOfficialServerDoes) {
  std::string answer;
  append_refusal(answer, "Session ID unknown");
  EXPECT_EQ(
      answer,
      "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-type: text/html\r\nContent-Length: 18\r\n\r\n"
      "Session ID unknown");
  answer.clear();
  append_refusal(answer, Error::bad_upgrade);
  EXPECT_EQ(
      answer,
      "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-type: text/html\r\nContent-Length: 22\r\n\r\n"
      "Invalid Upgrade header");
  for (auto const error : {Error::bad_version, Error::bad_key}) {
    answer.clear();
    append_refusal(answer, error);
    EXPECT_NE(answer.find("\r\nSec-WebSocket-Version: 13\r\n"), std::string::npos) << answer;
  }
}

}  // namespace
