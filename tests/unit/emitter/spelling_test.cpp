#include <aerie/core/log.hpp>
#include <aerie/emitter/spelling.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/msgpack.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace spelling_test { namespace {

using aerie::LogLevel;
using aerie::Value;
using aerie::emitter::RedisParser;
using aerie::emitter::Spelling;

class SpellingTest : public testing::Test {
 protected:
  aerie::Logger log_{LogLevel::error,
                     [this](aerie::LogRecord const& record) { log_text_ += record.message; }};
  std::string log_text_;
};

RedisParser json_parser() {
  return {.encode = [](Value const& value) { return aerie::json::stringify(value); },
          .decode = [](std::string_view text) -> std::optional<Value> {
            Value value;
            if (!aerie::json::parse(text, value).ok()) return std::nullopt;
            return value;
          }};
}

TEST_F(SpellingTest, WithoutAParserBytesStayWhatTheyAre) {
  Spelling spelling({}, log_);
  EXPECT_EQ(spelling.write("\x93\x01"), "\x93\x01");
  EXPECT_EQ(spelling.read("garbage", Spelling::Json::no), "garbage");
}

TEST_F(SpellingTest, AParserWritesAndReadsWhatWouldBeMessagePack) {
  Spelling spelling(json_parser(), log_);
  auto const packed = aerie::msgpack::pack(Value::array({"uid", Value::object({{"type", 2}})}));
  auto const written = spelling.write(packed);
  EXPECT_EQ(written, R"(["uid",{"type":2}])");
  EXPECT_EQ(spelling.read(*written, Spelling::Json::no), packed);
}

TEST_F(SpellingTest, WhatMayBeJsonAndIsGoesPastTheParser) {
  auto parser = json_parser();
  parser.decode = [](std::string_view) { return std::optional(Value(1)); };
  Spelling spelling(std::move(parser), log_);
  EXPECT_EQ(spelling.read("{}", Spelling::Json::yes), "{}");
  EXPECT_EQ(spelling.read("{}", Spelling::Json::no), "\x01");
  EXPECT_EQ(spelling.read("[]", Spelling::Json::yes), "\x01");
}

TEST_F(SpellingTest, WhatAParserRefusesOrThrowsIsNothing) {
  Spelling refusing(json_parser(), log_);
  EXPECT_FALSE(refusing.read("[", Spelling::Json::no));
  EXPECT_TRUE(log_text_.empty());

  Spelling throwing(
      {.encode = [](Value const&) -> std::string { throw 7; },
       .decode = [](std::string_view) -> std::optional<Value> { throw std::runtime_error("oh"); }},
      log_);
  EXPECT_FALSE(throwing.write("\x01"));
  EXPECT_FALSE(throwing.read("\x01", Spelling::Json::no));
  EXPECT_NE(log_text_.find("oh"), std::string::npos);
}

TEST_F(SpellingTest, RefusesHalfAParser) {
  auto parser = json_parser();
  parser.encode = {};
  EXPECT_THROW(Spelling(std::move(parser), log_), std::invalid_argument);
}

}}  // namespace spelling_test
