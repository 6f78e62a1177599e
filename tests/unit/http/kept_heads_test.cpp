#include <aerie/core/account.hpp>
#include <aerie/http/kept_heads.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace aerie::http { namespace {

using Target = KeptHeads::Target;

std::string handshake_of(std::string_view agent, std::string_view cookie, std::string_view query = "a=b") {
  return std::string("GET /socket.io/?")
      .append(query)
      .append(" HTTP/1.1\r\nHost: chat.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nUser-Agent: ")
      .append(agent)
      .append("\r\nCookie: ")
      .append(cookie)
      .append("\r\nX-Trace: of ")
      .append(cookie)
      .append("\r\nEmpty:\r\nAccept-Language: en-GB,en;q=0.9\r\n\r\n");
}

RequestHead parsed(std::string_view text) {
  auto const head = RequestHead::parse(text);
  EXPECT_TRUE(head) << text;
  return *head;
}

std::string all_of(RequestHead const& head) {
  auto text = std::string(head.method()).append(" ").append(head.target()).append("\n");
  text.append(head.path()).append(" ").append(head.query()).append("\n");
  text += std::to_string(head.header_count()) + (head.keep_alive() ? " goes on" : " ends") +
          (head.upgrade_requested() ? ", upgrades\n" : "\n");
  head.each_header([&](std::string_view name, std::string_view value) {
    text.append(name).append(": ").append(value).append("\n");
    EXPECT_EQ(head.header(name), value);
    EXPECT_TRUE(head.has(name));
  });
  EXPECT_FALSE(head.has("Origin"));
  return text;
}

TEST(KeptHeads, SayWhatTheyHaveSaidBefore) {
  core::Account account;
  KeptHeads heads(account);
  for (auto const target : {Target::own, Target::common}) {
    for (auto const* const text : {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /?x HTTP/1.0\r\n\r\n",
                                   "GET /?x HTTP/1.1\r\nHost: a\r\nCookie: b\r\n\r\n",
                                   "POST /x HTTP/1.1\r\nCookie: b\r\nhost: a\r\ncOOKIE: c\r\nX: \r\n\r\n"}) {
      auto const head = parsed(text);
      EXPECT_EQ(all_of(heads.keep(head, target)), all_of(head));
    }
    auto const head = parsed(handshake_of("agent", "cookie"));
    EXPECT_EQ(all_of(heads.keep(head, target)), all_of(head));
    EXPECT_EQ(all_of(heads.keep(head, target)), all_of(head)) << "found, not made";
  }
}

TEST(KeptHeads, KeepOnceWhatClientsHaveInCommon) {
  core::Account account;
  KeptHeads heads(account);
  std::string const agent(400, 'a');
  auto const first = heads.keep(parsed(handshake_of(agent, "one")), Target::common);
  auto const of_one = account.used();
  EXPECT_GT(of_one, agent.size());
  std::vector<RequestHead> others;
  for (auto const* const cookie : {"two", "three", "another"})
    others.push_back(heads.keep(parsed(handshake_of(agent, cookie)), Target::common));
  EXPECT_EQ(heads.size(), 1U);
  EXPECT_EQ(account.used(), of_one);
  EXPECT_EQ(others.back().header("cookie"), "another");
  EXPECT_EQ(others.back().header("x-trace"), "of another");
  EXPECT_EQ(first.header("cookie"), "one");
  EXPECT_LT(first.memory(), 100U);
}

TEST(KeptHeads, ShareTheTargetOnlyIfTheyAreTold) {
  core::Account account;
  KeptHeads heads(account);
  auto const one = heads.keep(parsed(handshake_of("a", "c", "t=1")), Target::own);
  auto const two = heads.keep(parsed(handshake_of("a", "c", "t=22")), Target::own);
  EXPECT_EQ(heads.size(), 1U);
  EXPECT_EQ(one.query(), "t=1");
  EXPECT_EQ(two.query(), "t=22");
  auto const three = heads.keep(parsed(handshake_of("a", "c", "t=3")), Target::common);
  auto const four = heads.keep(parsed(handshake_of("a", "c", "t=4")), Target::common);
  EXPECT_EQ(heads.size(), 3U);
  EXPECT_EQ(three.query(), "t=3");
  EXPECT_EQ(four.query(), "t=4");
}

TEST(KeptHeads, LetGoOfWhatNobodyHasAnyMore) {
  core::Account account;
  KeptHeads heads(account);
  auto const one = heads.keep(parsed(handshake_of("same", "one")), Target::common);
  auto const two = heads.keep(parsed(handshake_of("same", "two")), Target::common);
  auto const other = heads.keep(parsed(handshake_of("other", "one")), Target::common);
  auto const of_both = account.used();
  heads.let_go(one);
  EXPECT_EQ(account.used(), of_both);
  heads.let_go(two);
  EXPECT_EQ(heads.size(), 1U);
  EXPECT_LT(account.used(), of_both);
  EXPECT_EQ(two.header("user-agent"), "same") << "copies stay what they are";
  auto const again = heads.keep(parsed(handshake_of("same", "one")), Target::common);
  EXPECT_EQ(heads.size(), 2U);
  EXPECT_EQ(account.used(), of_both);
  heads.let_go(again);
  heads.let_go(other);
  EXPECT_EQ(heads.size(), 0U);
  EXPECT_EQ(account.used(), 0U);
}

TEST(KeptHeads, KeepOneForSeveral) {
  core::Account account;
  KeptHeads heads(account);
  auto const head = heads.keep(parsed(handshake_of("a", "c")), Target::common);
  heads.let_go(heads.keep(head, Target::common));
  EXPECT_EQ(heads.size(), 1U);
  heads.let_go(head);
  EXPECT_EQ(heads.size(), 0U);
}

TEST(KeptHeads, LetGoOfHeadsThatTheyHaveNotKept) {
  core::Account account;
  KeptHeads heads(account);
  heads.let_go(RequestHead());
  heads.let_go(parsed(handshake_of("a", "c")));
  EXPECT_EQ(heads.size(), 0U);
}

TEST(KeptHeads, AreOutlivedByTheirHeadsOnAnyThread) {
  core::Account account;
  std::optional<KeptHeads> heads(account);
  auto const head = heads->keep(parsed(handshake_of("agent", "cookie")), Target::common);
  std::thread reader([copy = head] {
    for (int i = 0; i < 100; ++i) {
      auto const other = copy;
      EXPECT_EQ(other.header("user-agent"), "agent");
    }
  });
  heads.reset();
  reader.join();
  EXPECT_EQ(account.used(), 0U);
  EXPECT_EQ(head.header("cookie"), "cookie");
}

TEST(KeptHeads, GrowWithWhatIsDifferentAndShrinkAgain) {
  core::Account account;
  KeptHeads heads(account);
  std::vector<RequestHead> kept;
  for (int i = 0; i < 1000; ++i)
    kept.push_back(heads.keep(parsed(handshake_of("agent " + std::to_string(i), "c")), Target::common));
  EXPECT_EQ(heads.size(), 1000U);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    EXPECT_EQ(kept[i].header("user-agent"), "agent " + std::to_string(i));
    heads.let_go(kept[i]);
  }
  EXPECT_EQ(heads.size(), 0U);
  EXPECT_EQ(account.used(), 0U);
}

}}  // namespace aerie::http
