// Signing in, rooms and messages: the rules of the chat, over a real store.

#include "auth/identity.hpp"
#include "auth/sign_in.hpp"
#include "rooms/messages.hpp"
#include "rooms/rooms.hpp"
#include "unit/chat/store_fixture.hpp"

#include <gtest/gtest.h>

namespace chat::test { namespace {

class ServicesTest : public StoreFixture {
 public:
  aerie::JwtService jwt{{.key = aerie::auth::Key::hmac(aerie::auth::Algorithm::hs256,
                                                       "a secret of 32 bytes or more, for tests"),
                         .sign = {.expires_in = 60s}},
                        clock,
                        runtime.log()};
  SignIn sign_in{*store, jwt};
  Rooms rooms{*store};
  Config config;
  Messages messages{*store, config};
};

TEST_F(ServicesTest, SigningInGivesATokenOfThatUser) {
  auto const session = await(sign_in.sign_in("  Ann "));
  EXPECT_EQ(session.user.nickname, "Ann");
  EXPECT_EQ(session.expires_at, aerie::Date(clock.wall() + 60s));
  EXPECT_EQ(jwt.verify_as<Identity>(session.token).user(), session.user);
  EXPECT_EQ(await(sign_in.sign_in("Ann")).user, session.user);
}

TEST_F(ServicesTest, RefusesNicknamesThatAreNone) {
  for (auto const& nickname :
       {std::string(), std::string("   "), std::string(33, 'x'), std::string("a\nb")}) {
    EXPECT_EQ(code_of(sign_in.sign_in(nickname)), "INVALID_NICKNAME") << nickname;
  }
  EXPECT_EQ(code_of(sign_in.sign_in(std::string(32, 'x'))), "");
}

TEST_F(ServicesTest, FindsRoomsOrSaysThatThereIsNone) {
  EXPECT_EQ(await(rooms.find(lobby)).name, "Lobby");
  EXPECT_EQ(code_of(rooms.find(99)), "ROOM_NOT_FOUND");
}

TEST_F(ServicesTest, NamesOfRoomsAreTrimmedAndTakenOnce) {
  EXPECT_EQ(await(rooms.create(" Kitchen ")).name, "Kitchen");
  EXPECT_EQ(code_of(rooms.create("Kitchen")), "ROOM_EXISTS");
  EXPECT_EQ(code_of(rooms.create(" ")), "INVALID_NAME");
  EXPECT_EQ(code_of(rooms.create(std::string(65, 'x'))), "INVALID_NAME");
  EXPECT_EQ(await(rooms.all()).size(), 2U);
}

TEST_F(ServicesTest, ChecksMessages) {
  struct Case {
    std::string content;
    std::string client_id;
    char const* code;
  };
  std::string longest;
  for (int i = 0; i < 2000; ++i)
    longest += "🙂";
  Case const cases[] = {
      {"x", "1", ""},
      {longest, "2", ""},
      {longest + "x", "3", "TOO_LONG"},
      {"", "4", "EMPTY"},
      {" \n\t", "5", "EMPTY"},
      {"x", "", "BAD_REQUEST"},
      {"x", std::string(128, 'i'), ""},
      {"x", std::string(129, 'i'), "BAD_REQUEST"},
  };
  for (auto const& [content, client_id, code] : cases) {
    EXPECT_EQ(code_of(messages.send(message(client_id, content))), code)
        << content.size() << " bytes, id " << client_id;
  }
  EXPECT_EQ(news.messages().size(), 3U);
}

TEST_F(ServicesTest, RefusesAClientIdThatWasUsedInAnotherRoom) {
  auto const kitchen = await(rooms.create("Kitchen"));
  auto const first = await(messages.send(message("1", "in the lobby")));
  EXPECT_EQ(code_of(messages.send(message("1", "in the kitchen", kitchen.id))), "BAD_REQUEST");
  EXPECT_EQ(await(messages.send(message("1", "in the lobby"))), first);
  EXPECT_TRUE(await(messages.history(kitchen.id, std::nullopt, 10)).messages.empty());
}

}}  // namespace chat::test
