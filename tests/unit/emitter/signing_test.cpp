#include "unit/support/hex.hpp"

#include <aerie/emitter/signing.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace signing_test { namespace {

using aerie::core::Milliseconds;
using aerie::core::WallTime;
using aerie::emitter::Refusal;
using aerie::emitter::SeenNumbers;
using aerie::emitter::Signer;
using aerie::emitter::SigningOptions;
using aerie::test::from_hex;
using namespace std::chrono_literals;

std::string const first(32, '1');
std::string const second(40, '2');
std::string const channel = "socket.io#/chat#";
WallTime const now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

Refusal refusal(Signer& by, std::string const& message, WallTime at = now, std::string const& on = channel) {
  return by.examine(on, message, at).refusal;
}

std::string objection(SigningOptions options) {
  try {
    Signer const signer(std::move(options), "the Redis adapter");
  } catch (std::invalid_argument const& error) {
    return error.what();
  }
  return "none";
}

TEST(Signing, WithoutKeysNothingHappensToMessages) {
  Signer signer({}, "the Redis adapter");
  EXPECT_EQ(signer.sign(channel, "payload", now), "payload");
  EXPECT_EQ(signer.examine(channel, "payload", now).payload, "payload");
  EXPECT_FALSE(signer.active());
}

TEST(Signing, WhatOneSignsAnotherAccepts) {
  Signer from({.keys = {first}}, "the Redis adapter");
  Signer to({.keys = {first}}, "the Redis adapter");
  for (std::string const payload :
       {"", "{}", "a longer payload than a block of the hash, which has 64 bytes ......"}) {
    auto const message = from.sign(channel, payload, now);
    auto const examined = to.examine(channel, message, now + 1s);
    EXPECT_EQ(examined.refusal, Refusal::none);
    EXPECT_EQ(examined.payload, payload);
  }
}

// The bytes are documented for other languages: this is what the page says, made by another program.
TEST(Signing, TheSignatureIsThatOfThePage) {
  // sender 1, number 2, the time above, "payload"
  std::string const message = from_hex(
                                  "c14131"
                                  "0000000000000001"
                                  "0000000000000002"
                                  "0000019b76daa800") +
                              from_hex(
                                  "2073ec786f3aad2f1ed75ca1949d1135"
                                  "59a0bf12ebe9febaea9b4a7447f7d8c6") +
                              "payload";
  Signer to({.keys = {first}}, "the Redis adapter");
  EXPECT_EQ(refusal(to, message), Refusal::none);
}

TEST(Signing, EveryChangedByteIsFound) {
  Signer from({.keys = {first}}, "the Redis adapter");
  Signer to({.keys = {first}}, "the Redis adapter");
  auto const message = from.sign(channel, "payload", now);
  for (std::size_t at = 0; at < message.size(); ++at) {
    for (int const bit : {0, 7}) {
      auto changed = message;
      changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
      EXPECT_EQ(refusal(to, changed), at < 3 ? Refusal::not_signed : Refusal::wrong_key) << at;
    }
  }
  EXPECT_EQ(refusal(to, message + "x"), Refusal::wrong_key);
  for (std::size_t size = 0; size < message.size(); ++size)
    EXPECT_NE(refusal(to, message.substr(0, size)), Refusal::none) << size;
  EXPECT_EQ(refusal(to, message), Refusal::none);
}

TEST(Signing, WhatIsNotSignedIsRefused) {
  Signer to({.keys = {first}}, "the Redis adapter");
  for (std::string const message :
       {"", "{}", R"({"type":2,"opts":{"rooms":["a"],"except":[]},"rooms":["b"]})"})
    EXPECT_EQ(refusal(to, message), Refusal::not_signed) << message;
}

TEST(Signing, AMessageForOneChannelIsNoneForAnother) {
  Signer from({.keys = {first}}, "the Redis adapter");
  Signer to({.keys = {first}}, "the Redis adapter");
  auto const message = from.sign(channel, "payload", now);
  EXPECT_EQ(refusal(to, message, now, "socket.io#/admin#"), Refusal::wrong_key);
  EXPECT_EQ(refusal(to, message, now, channel + message.substr(0, 1)), Refusal::wrong_key);
}

TEST(Signing, KeysAreChangedOneServerAfterTheOther) {
  Signer before({.keys = {first}}, "the Redis adapter");
  Signer prepared({.keys = {first, second}}, "the Redis adapter");
  Signer changed({.keys = {second, first}}, "the Redis adapter");
  Signer after({.keys = {second}}, "the Redis adapter");
  struct Step {
    Signer* from;
    Signer* to;
    Refusal refusal;
  };
  for (auto const& [from, to, expected] :
       {Step{&before, &prepared, Refusal::none}, Step{&prepared, &before, Refusal::none},
        Step{&prepared, &changed, Refusal::none}, Step{&changed, &prepared, Refusal::none},
        Step{&changed, &after, Refusal::none}, Step{&after, &changed, Refusal::none},
        Step{&before, &after, Refusal::wrong_key}, Step{&after, &before, Refusal::wrong_key}})
    EXPECT_EQ(refusal(*to, from->sign(channel, "payload", now)), expected);
}

TEST(Signing, WhatIsOldOrOfTheFutureIsRefused) {
  Signer from({.keys = {first}}, "the Redis adapter");
  Signer to({.keys = {first}, .max_age = 10s}, "the Redis adapter");
  struct Age {
    Milliseconds age;
    Refusal refusal;
  };
  for (auto const& [age, expected] :
       {Age{10s, Refusal::none}, Age{10s + 1ms, Refusal::too_old}, Age{-10s, Refusal::none},
        Age{-10s - 1ms, Refusal::too_old}, Age{24h, Refusal::too_old}})
    EXPECT_EQ(refusal(to, from.sign(channel, "payload", now), now + age), expected) << age.count();
}

TEST(Signing, AMessageIsAcceptedOnce) {
  Signer from({.keys = {first}}, "the Redis adapter");
  Signer to({.keys = {first}}, "the Redis adapter");
  std::vector<std::string> messages;
  for (int i = 0; i < 200; ++i)
    messages.push_back(from.sign(channel, "payload", now));
  // Channels of a Redis Cluster overtake each other.
  for (auto message = messages.rbegin(); message != messages.rend(); ++message)
    EXPECT_EQ(refusal(to, *message), Refusal::none);
  for (auto const& message : messages)
    EXPECT_EQ(refusal(to, message, now + 60s), Refusal::repeated);
}

TEST(Signing, SendersThatEndedAreForgottenWhenTheirMessagesAreTooOld) {
  Signer to({.keys = {first}, .max_age = 10s}, "the Redis adapter");
  std::vector<std::string> messages;
  for (int i = 0; i < 1000; ++i) {
    Signer from({.keys = {first}}, "the emitter");
    messages.push_back(from.sign(channel, "payload", now + 1s * i));
    EXPECT_EQ(refusal(to, messages.back(), now + 1s * i), Refusal::none);
  }
  for (std::size_t i = 0; i < messages.size(); ++i)
    EXPECT_EQ(refusal(to, messages[i], now + 1000s), i >= 990 ? Refusal::repeated : Refusal::too_old) << i;
}

TEST(Signing, ImpossibleSettingsNameTheRemedy) {
  EXPECT_NE(objection({.keys = {"short"}}).find("at least 32 random ones"), std::string::npos);
  EXPECT_NE(objection({.keys = {first, ""}}).find("at least 32 random ones"), std::string::npos);
  EXPECT_NE(objection({.keys = {first, second, first}}).find("there twice"), std::string::npos);
  EXPECT_NE(objection({.keys = {first}, .max_age = 1s}).find("6 s to 1 h"), std::string::npos);
  EXPECT_NE(objection({.keys = {first}, .max_age = 2h}).find("6 s to 1 h"), std::string::npos);
  EXPECT_EQ(objection({.keys = {first, second}}), "none");
}

TEST(SeenNumbers, RemembersWhatItHasReachFor) {
  SeenNumbers seen;
  EXPECT_TRUE(seen.insert(SeenNumbers::reach));
  EXPECT_TRUE(seen.insert(1000));
  EXPECT_FALSE(seen.insert(1000));
  EXPECT_TRUE(seen.insert(64));
  EXPECT_TRUE(seen.insert(2 * SeenNumbers::reach));
  EXPECT_FALSE(seen.insert(SeenNumbers::reach));
  EXPECT_FALSE(seen.insert(63));
  EXPECT_TRUE(seen.insert(UINT64_MAX));
  EXPECT_FALSE(seen.insert(2 * SeenNumbers::reach));
  EXPECT_FALSE(seen.insert(UINT64_MAX));
  EXPECT_TRUE(seen.insert(UINT64_MAX - 1));
}

}}  // namespace signing_test
