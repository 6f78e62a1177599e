#include "redis/reply_reader.hpp"

#include <gtest/gtest.h>

#include <random>

namespace aerie::redis { namespace {

std::string written(Reply const& reply) {
  switch (reply.kind()) {
    case Reply::Kind::nil:
      return "nil";
    case Reply::Kind::status:
      return "+" + std::string(reply.text());
    case Reply::Kind::error:
      return "-" + std::string(reply.text());
    case Reply::Kind::integer:
      return std::to_string(reply.integer());
    case Reply::Kind::string:
      return "'" + std::string(reply.text()) + "'";
    case Reply::Kind::array:
      break;
  }
  std::string result = "[";
  for (auto const& element : reply.elements())
    result += (result.size() > 1 ? " " : "") + written(element);
  return result + "]";
}

/// All replies in `bytes`, which come in pieces of `piece`; with "malformed: why" if it ends so.
std::string read(std::string_view bytes, std::size_t piece = 8192, ReplyLimits limits = {}) {
  ReplyReader reader(limits);
  std::string result;
  while (!bytes.empty()) {
    reader.feed(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    Reply reply;
    auto step = reader.next(reply);
    for (; step == ReplyReader::Step::reply; step = reader.next(reply))
      result += written(reply) + "\n";
    if (step == ReplyReader::Step::malformed) {
      EXPECT_EQ(reader.next(reply), ReplyReader::Step::malformed);
      return result + "malformed: " + reader.error();
    }
  }
  return result;
}

TEST(ReplyReader, ReadsEveryKind) {
  std::string_view const bytes =
      "+OK\r\n-ERR no\r\n:-42\r\n$-1\r\n$0\r\n\r\n$4\r\na\r\nb\r\n*-1\r\n*0\r\n"
      "*3\r\n:1\r\n*2\r\n$1\r\nx\r\n$-1\r\n+y\r\n";
  auto const expected = "+OK\n-ERR no\n-42\nnil\n''\n'a\r\nb'\nnil\n[]\n[1 ['x' nil] +y]\n";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece)
    EXPECT_EQ(read(bytes, piece), expected) << piece;
}

TEST(ReplyReader, KeepsBytesAsTheyAre) {
  EXPECT_EQ(read(std::string_view("$5\r\n\0\xff\r\n\x01\r\n", 11)), std::string("'\0\xff\r\n\x01'\n", 8));
}

TEST(ReplyReader, RefusesWhatIsNoReply) {
  for (auto const* const bytes : {"HTTP/1.1 400 Bad Request\r\n", "$-2\r\n", "$99999999999999999999\r\n",
                                  "$x\r\n", "*-2\r\n", "*x\r\n", "*99999999999\r\n", ":x\r\n",
                                  ":99999999999999999999\r\n", "\r\n", "*1\r\n?\r\n", "*2\r\n+a\r\n\x80"}) {
    EXPECT_NE(read(bytes).find("malformed"), std::string::npos) << bytes;
  }
}

TEST(ReplyReader, GivesWhatCameBeforeWhatIsWrong) {
  EXPECT_EQ(read("+a\r\n:2\r\n?").substr(0, 5), "+a\n2\n");
}

TEST(ReplyReader, RefusesDeepReplies) {
  std::string bytes;
  for (int i = 0; i < 8; ++i)
    bytes += "*1\r\n";
  EXPECT_EQ(read(bytes + ":1\r\n"), "[[[[[[[[1]]]]]]]]\n");
  EXPECT_NE(read(bytes + "*1\r\n:1\r\n").find("malformed"), std::string::npos);
}

TEST(ReplyReader, RefusesTypesOfResp3) {
  for (auto const* const bytes : {",1.5\r\n", "#t\r\n", "(12\r\n", "=5\r\ntxt:a\r\n", "~1\r\n:1\r\n",
                                  ">1\r\n:1\r\n", "%1\r\n:1\r\n:2\r\n", "*2\r\n:1\r\n,1.5\r\n"}) {
    EXPECT_NE(read(bytes).find("malformed"), std::string::npos) << bytes;
  }
}

TEST(ReplyReader, RefusesMoreThanItsLimits) {
  ReplyLimits const limits{.bytes = 100, .elements = 5};
  auto const bulk = [](std::size_t size) {
    return "$" + std::to_string(size) + "\r\n" + std::string(size, 'x') + "\r\n";
  };
  EXPECT_EQ(read(bulk(100), 8192, limits), "'" + std::string(100, 'x') + "'\n");
  EXPECT_NE(read(bulk(101), 8192, limits).find("ReplyLimits::bytes"), std::string::npos);
  EXPECT_NE(read("*2\r\n" + bulk(60) + bulk(60), 8192, limits).find("ReplyLimits::bytes"), std::string::npos);
  EXPECT_EQ(read("*4\r\n:1\r\n:2\r\n:3\r\n:4\r\n", 8192, limits), "[1 2 3 4]\n");
  EXPECT_NE(read("*6\r\n", 8192, limits).find("ReplyLimits::elements"), std::string::npos);
  EXPECT_NE(read("*2\r\n*2\r\n:1\r\n:2\r\n*2\r\n", 8192, limits).find("ReplyLimits::elements"),
            std::string::npos);
  // Each reply by itself.
  EXPECT_EQ(read(bulk(90) + bulk(90), 8192, limits).size(), 2 * 93U);
}

TEST(ReplyReader, DoesNotKeepWhatNeverEnds) {
  ReplyLimits const limits{.bytes = 100'000, .elements = 10};
  auto const endless = [&](std::string_view head, char filling) {
    ReplyReader reader(limits);
    Reply reply;
    reader.feed(head);
    std::string const piece(ReplyReader::slice, filling);
    for (std::size_t fed = 0; fed < 400'000; fed += piece.size()) {
      if (reader.next(reply) == ReplyReader::Step::malformed) return fed;
      reader.feed(piece);
    }
    return std::size_t{400'000};
  };
  EXPECT_LT(endless("+", 'x'), 100'000U) << "a status";
  EXPECT_LT(endless("$1", '1'), 100'000U) << "a size";
  EXPECT_LT(endless("$2000000000\r\n", 'x'), 200'000U) << "a string";
  EXPECT_LT(endless("*2\r\n$3\r\nabc\r\n$2000000000\r\n", '\n'), 200'000U) << "a string in an array";
}

TEST(ReplyReader, TakesAnythingWithoutHarm) {
  std::mt19937 random(7);
  std::string_view const letters = "+-:$*0123456789\r\n\r\n\r\nab";
  for (int round = 0; round < 3000; ++round) {
    std::string bytes;
    for (int i = 0; i < 40; ++i)
      bytes += letters[random() % letters.size()];
    // However it is cut, it is read in the same way.
    EXPECT_EQ(read(bytes, 1), read(bytes, 8192)) << bytes;
  }
}

TEST(Reply, GivesNothingWhereThereIsNothing) {
  auto const reply = Reply::array({Reply::integer(1)});
  EXPECT_EQ(reply[0].integer(), 1);
  EXPECT_TRUE(reply[1].is_nil());
  EXPECT_TRUE(reply[0][0][0].is_nil());
  EXPECT_EQ(Reply::error("MOVED 1 a:1").error_code(), "MOVED");
  EXPECT_EQ(Reply::string("MOVED 1").error_code(), "");
}

}}  // namespace aerie::redis
