#include "cluster/redis_codec.hpp"
#include "cluster/sharded_codec.hpp"
#include "unit/cluster/adapter_fixture.hpp"

#include <aerie/emitter/signing.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace cluster_signing_test { namespace {

using namespace aerie::cluster_test;
using aerie::RedisAdapter;
using aerie::RedisShardedAdapter;
using aerie::core::WallTime;
using aerie::emitter::Refusal;
using aerie::emitter::Signer;
using Form = EventPayload::Form;

std::string const key(32, 'k');

// What each adapter has: the word before "publish", a channel, and messages for it that are good in
// themselves.
struct PubSub {
  using Options = RedisAdapter;
  static constexpr std::string_view kind = "";
  static constexpr char const* request_channel = "socket.io-request#/chat#";
  static std::string request(std::string const& whose, WallTime now) {
    Signer signer({.keys = {whose}}, "the test");
    return signer.sign(request_channel, aerie::cluster::encode_request("others", "q", fetching()), now);
  }
  static std::string event() {
    return aerie::cluster::encode_broadcast(
        "others", said(aerie::cluster_test::event(Form::msgpack, "said", "hello"), {}));
  }
};
struct Sharded {
  using Options = RedisShardedAdapter;
  static constexpr std::string_view kind = "s";
  static constexpr char const* request_channel = "socket.io#/chat#";
  static std::string request(std::string const& whose, WallTime now) {
    Signer signer({.keys = {whose}}, "the test");
    return signer.sign(request_channel, aerie::cluster::encode_sharded("others", "q", fetching()), now);
  }
  static std::string event() {
    return aerie::cluster::encode_sharded("others", "",
                                          said(aerie::cluster_test::event(Form::json, "said", "hello"), {}));
  }
};

template <class Adapter>
class SignedCluster : public AdapterFixture<typename Adapter::Options> {
 protected:
  void SetUp() override {
    this->options.signing = {.keys = {key, std::string(32, 'o')}};
    this->open();
    this->log.clear();
  }
  void come(std::string const& payload, std::string const& on = "socket.io#/chat#") {
    this->receive(Adapter::kind, on, payload);
  }
  std::string signed_by(std::string const& whose, std::string const& on = "socket.io#/chat#") {
    Signer signer({.keys = {whose}}, "the test");
    return signer.sign(on, Adapter::event(), this->clock.wall());
  }
  std::size_t delivered() const { return this->member.delivered.size(); }
};
using Adapters = testing::Types<PubSub, Sharded>;
TYPED_TEST_SUITE(SignedCluster, Adapters);

TYPED_TEST(SignedCluster, WhatOneOfTheClusterHasSignedIsDelivered) {
  this->come(this->signed_by(key));
  this->come(this->signed_by(std::string(32, 'o')));
  EXPECT_EQ(this->delivered(), 2U);
  EXPECT_EQ(this->member.refused, 0U);
}

TYPED_TEST(SignedCluster, WhatIsForgedIsCountedAndSaidOnceForEachReason) {
  auto const good = this->signed_by(key);
  auto old = this->signed_by(key);
  this->come(good);
  for (int round = 0; round < 2; ++round) {
    this->come(TypeParam::event());                     // not signed
    this->come(this->signed_by(std::string(32, 'x')));  // by somebody else
    this->come(this->signed_by(key, "socket.io#/#"));   // recorded elsewhere
    this->come(good.substr(0, good.size() - 1));        // garbled
    this->come(good);                                   // recorded
  }
  this->pass(61s);
  this->come(old);
  EXPECT_EQ(this->delivered(), 1U);
  EXPECT_EQ(this->member.refused, 11U);
  EXPECT_EQ(this->member.malformed, 0U);
  EXPECT_EQ(this->member.received, 1U);
  auto const said = [&](std::string_view why) {
    return std::ranges::count_if(this->log, [&](std::string const& line) {
      return line.find("was refused: " + std::string(why)) != std::string::npos;
    });
  };
  for (auto const* const why : {"not signed", "wrong key", "too old", "repeated"})
    EXPECT_EQ(said(why), 1) << why;
}

// Everything that an adapter publishes: events, requests, answers.
TYPED_TEST(SignedCluster, EverythingThatItSendsIsSigned) {
  this->commands("");
  auto const form = this->adapter->payload_form(false);
  auto const some = said(event(form, "said", "hello"));
  this->publish(some);
  this->publish(said(event(form, "said", "hello"), {"room"}));
  this->publish(moving(ClusterAction::join, {"room"}));
  this->publish(disconnecting(false));
  this->request(fetching());
  this->request(asking(some));
  this->request(telling(event(form, "question"), true));
  this->come(TypeParam::request(key, this->clock.wall()), TypeParam::request_channel);
  ASSERT_EQ(this->member.responders.size(), 1U);
  this->in_turn([&] { this->member.responders[0](details({})); });

  Signer judge({.keys = {key}}, "the test");
  std::size_t published = 0;
  for (auto const& command : this->commands("")) {
    auto const name = command.find("PUBLISH ");
    if (name > 1) continue;
    auto const channel = command.substr(name + 8, command.find(' ', name + 8) - name - 8);
    auto const payload = command.substr(name + 9 + channel.size());
    EXPECT_EQ(judge.examine(channel, payload, this->clock.wall()).refusal, Refusal::none) << channel;
    ++published;
  }
  EXPECT_EQ(published, 8U);
}

}}  // namespace cluster_signing_test
