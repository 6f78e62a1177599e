#include <aerie/websocket/error.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace {

using namespace aerie::websocket;

TEST(WebSocketError, HasASentenceOfItsOwnForEachValue) {
  std::set<std::string_view> sentences;
  auto const last = static_cast<int>(Error::bad_extensions);
  for (int value = 0; value <= last; ++value)
    sentences.insert(describe(static_cast<Error>(value)));
  EXPECT_EQ(sentences.size(), static_cast<std::size_t>(last) + 1);
  EXPECT_FALSE(sentences.contains("Unknown error"));
  EXPECT_EQ(describe(static_cast<Error>(200)), "Unknown error");
}

TEST(WebSocketError, IsAnErrorCode) {
  std::error_code const code = Error::missing_mask;
  EXPECT_STREQ(code.category().name(), "aerie.websocket");
  EXPECT_EQ(code.message(), "A frame from a client is not masked");
  EXPECT_FALSE(std::error_code(Error::none));
}

TEST(WebSocketError, NamesTheCloseCodeOfEachGroup) {
  EXPECT_EQ(close_code_of(Error::none), CloseCode::normal);
  EXPECT_EQ(close_code_of(Error::reserved_bits), CloseCode::protocol_error);
  EXPECT_EQ(close_code_of(Error::invalid_utf8), CloseCode::invalid_payload);
  EXPECT_EQ(close_code_of(Error::invalid_compressed_data), CloseCode::invalid_payload);
  EXPECT_EQ(close_code_of(Error::message_too_big), CloseCode::message_too_big);
  EXPECT_EQ(close_code_of(Error::too_many_fragments), CloseCode::policy_violation);
  EXPECT_EQ(close_code_of(Error::too_many_control_frames), CloseCode::policy_violation);
}

TEST(WebSocketError, AllowsTheCodesThatRfc6455AllowsInACloseFrame) {
  for (unsigned const code : {1000u, 1003u, 1007u, 1014u, 3000u, 3999u, 4000u, 4999u})
    EXPECT_TRUE(may_be_sent(CloseCode(code))) << code;
  for (unsigned const code : {0u, 999u, 1004u, 1005u, 1006u, 1015u, 1016u, 2999u, 5000u, 65535u})
    EXPECT_FALSE(may_be_sent(CloseCode(code))) << code;
}

}  // namespace
