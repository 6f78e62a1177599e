#include "unit/cluster/golden.hpp"

#include <aerie/emitter/redis_format.hpp>
#include <aerie/schema/codec.hpp>

#include <functional>
#include <vector>

namespace redis_format_test { namespace {

using aerie::Bytes;
using aerie::EncodableRef;
using aerie::Value;
using aerie::cluster_test::golden;
using aerie::cluster_test::shown;
using namespace aerie::emitter;
using Texts = std::vector<std::string>;

template <class... Args>
std::string said(Recipients const& recipients, Flags const& flags, Args const&... args) {
  std::vector<EncodableRef> const refs{EncodableRef(args)...};
  return emitted_event(recipients, flags, "said", refs);
}

Recipients chat(Texts rooms = {}, Texts except = {}) {
  return {.nsp = "/chat", .rooms = std::move(rooms), .except = std::move(except)};
}

TEST(RedisFormat, EmitsWhatTheOfficialEmitterEmits) {
  int const number = 1;
  auto const list = Value::object({{"a", Value::array({true})}});
  std::vector<EncodableRef> const server_side{EncodableRef("text"), EncodableRef(number), EncodableRef(list)};
  struct {
    std::string operation;
    std::string payload;
    std::string channel = "socket.io#/chat#";
  } const cases[] = {
      {"broadcast: to the default namespace", said({}, {}, "hello", 1), "socket.io#/#"},
      {"broadcast: to a namespace", said(chat(), {}, "hello", 1)},
      {"broadcast: to a namespace without its slash", said(chat(), {}, "hello", 1)},
      {"broadcast: an event without arguments", emitted_event(chat(), {}, "ping", {})},
      {"broadcast: to a room", said(chat({"room1"}), {}, "hello"), "socket.io#/chat#room1#"},
      {"broadcast: to two rooms", said(chat({"room1", "room2"}), {}, "hello")},
      {"broadcast: except a room", said(chat({}, {"room3"}), {}, "hello")},
      {"broadcast: to a room except two", said(chat({"room1"}, {"room3", "room4"}), {}, "hello"),
       "socket.io#/chat#room1#"},
      {"broadcast: volatile", said(chat(), {.is_volatile = true}, "hello")},
      {"broadcast: not compressed", said(chat(), {.compress = false}, "hello")},
      {"broadcast: volatile and not compressed",
       said(chat(), {.is_volatile = true, .compress = false}, "hello")},
      {"broadcast: binary", said(chat(), {}, Bytes("\x01\x02\x03"))},
      {"join: everybody, a room", emitted_move(RedisRequestType::join, chat(), Texts{"room5"}),
       "socket.io-request#/chat#"},
      {"join: a room, two rooms",
       emitted_move(RedisRequestType::join, chat({"room1"}), Texts{"room5", "room6"}),
       "socket.io-request#/chat#"},
      {"leave: everybody, a room", emitted_move(RedisRequestType::leave, chat(), Texts{"room5"}),
       "socket.io-request#/chat#"},
      {"leave: a room except another, two rooms",
       emitted_move(RedisRequestType::leave, chat({"room1"}, {"room6"}), Texts{"room5", "room6"}),
       "socket.io-request#/chat#"},
      {"disconnect: a room", emitted_disconnect(chat({"nobody"}), false), "socket.io-request#/chat#"},
      {"disconnect: everybody, and close", emitted_disconnect(chat(), true), "socket.io-request#/chat#"},
      {"tell servers", emitted_server_side("silent", server_side), "socket.io-request#/chat#"},
  };
  EXPECT_EQ(std::size(cases), golden("emitter").size());
  for (auto const& each : cases) {
    auto const lines = golden("emitter", "emitter", each.operation);
    ASSERT_EQ(lines.size(), 1U) << each.operation;
    EXPECT_EQ(shown(each.payload), shown(lines[0].payload)) << each.operation;
    EXPECT_EQ(each.channel, lines[0].channel) << each.operation;
  }
}

TEST(RedisFormat, AChannelNamesTheRoomIfItIsOne) {
  EXPECT_EQ(broadcast_channel("k", "/", Texts{}), "k#/#");
  EXPECT_EQ(broadcast_channel("k", "/", Texts{"r"}), "k#/#r#");
  EXPECT_EQ(broadcast_channel("k", "/", Texts{"r", "s"}), "k#/#");
  EXPECT_EQ(request_channel("k", "/chat"), "k-request#/chat#");
  EXPECT_EQ(response_channel("k", "/chat"), "k-response#/chat#");
}

}}  // namespace redis_format_test
