#include <aerie/socketio/args.hpp>

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

namespace aerie { namespace {

struct Point {
  int x = 0;
  int y = 0;
  static void describe(Schema<Point>& s) {
    s.field<&Point::x>();
    s.field<&Point::y>();
  }
};

/// Arguments as they arrive; keeps what they are views of.
class Arrived {
 public:
  explicit Arrived(std::string payload, std::vector<Bytes> attachments = {})
      : payload_(std::move(payload)), attachments_(std::move(attachments)) {
    auto const count = attachments_.empty() ? std::nullopt : std::optional(attachments_.size());
    EXPECT_EQ(json::scan_array(payload_, elements_, count, 512), json::ScanError::none);
  }
  Args args() const { return Args(socketio::json_elements(), elements_, 0, attachments_); }
  /// Without the first one, an event's name.
  Args args_of_event() const { return Args(socketio::json_elements(), elements_, 1, attachments_); }

 private:
  std::string payload_;
  std::vector<Bytes> attachments_;
  json::ElementList elements_;
};

template <class T>
std::string complaint(Args const& args, std::size_t index) {
  try {
    static_cast<void>(args.get<T>(index));
    return "";
  } catch (BadArguments const& error) {
    return error.what();
  }
}

TEST(Args, AreDecodedAsWhatIsAskedFor) {
  Arrived const arrived(R"(["text",42,1.5,true,null,[1,2],{"x":1,"y":2}])");
  auto const args = arrived.args();
  EXPECT_EQ(args.size(), 7U);
  EXPECT_EQ(args.get<std::string>(0), "text");
  EXPECT_EQ(args.get<int>(1), 42);
  EXPECT_EQ(args.get<double>(2), 1.5);
  EXPECT_TRUE(args.get<bool>(3));
  EXPECT_EQ(args.get<std::optional<int>>(4), std::nullopt);
  EXPECT_EQ(args.get<std::vector<int>>(5), (std::vector{1, 2}));
  EXPECT_EQ(args.get<Point>(6).y, 2);
  EXPECT_EQ(args.get<RawJson>(5).text(), "[1,2]");
  EXPECT_EQ(args[6]["x"], Value(1));
}

TEST(Args, ThatAreAbsentAreUndefinedForThoseWhoTakeIt) {
  Args const none;
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none.get<std::optional<int>>(0), std::nullopt);
  EXPECT_TRUE(none.get<Value>(3).is_undefined());
  EXPECT_TRUE(none[7].is_undefined());
  EXPECT_EQ(complaint<int>(none, 0), "argument 1: is missing");
}

TEST(Args, SayWhatIsWrongWithThem) {
  Arrived const arrived(R"(["text",{"x":"no"},300])");
  auto const args = arrived.args();
  EXPECT_EQ(complaint<int>(args, 0), "argument 1: expected a number, got a string");
  EXPECT_EQ(complaint<Point>(args, 1), "argument 2: x: expected a number, got a string");
  EXPECT_NE(complaint<std::int8_t>(args, 2), "");
  EXPECT_NE(complaint<std::string>(args, 2), "");
}

TEST(Args, FindTheirAttachments) {
  Arrived const arrived(R"([{"_placeholder":true,"num":1},{"deep":[{"_placeholder":true,"num":0}]}])",
                        {Bytes("zero"), Bytes("one")});
  auto args = arrived.args();
  EXPECT_EQ(args.get<Bytes>(0).view(), "one");
  EXPECT_EQ(args[1]["deep"][0].as_bytes().view(), "zero");
  EXPECT_NE(complaint<std::string>(args, 0), "");
}

TEST(Args, KeepPlaceholdersAsPlainObjectsWithoutAttachments) {
  Arrived const arrived(R"([{"_placeholder":true,"num":0}])");
  EXPECT_EQ(arrived.args()[0]["num"], Value(0));
}

TEST(Args, OutliveTheirPacketOnceTheyOwn) {
  Args args;
  {
    Arrived const arrived(R"(["a text that is too long for the small string",{"_placeholder":true,"num":0}])",
                          {Bytes("attached")});
    args = arrived.args();
    args.own();
  }
  EXPECT_EQ(args.get<std::string>(0), "a text that is too long for the small string");
  EXPECT_EQ(args.get<Bytes>(1).view(), "attached");
  EXPECT_EQ(complaint<int>(args, 0), "argument 1: expected a number, got a string");
}

TEST(Args, OfTextOutliveTheirPacketUndecoded) {
  Args args;
  {
    Arrived const arrived(R"(["event", {"x":1, "y":2} ,"\u00e4",3,4,5,6,7,8,[9],10])");
    args = arrived.args_of_event();
    args.own();
  }
  auto const copy = args;
  args = {};
  EXPECT_EQ(copy.size(), 10U);
  EXPECT_EQ(copy.get<Point>(0).y, 2);
  EXPECT_EQ(copy[1], Value("ä"));
  EXPECT_EQ(copy[8], Value(Array{9}));
  EXPECT_EQ(copy.get<RawJson>(0).text(), R"({"x":1, "y":2})");
  EXPECT_EQ(complaint<std::string>(copy, 9), "argument 10: expected a string, got a number");
  EXPECT_EQ(complaint<std::string>(copy, 10), "argument 11: is missing");
}

TEST(Args, WithoutAnyHaveNothingToOwn) {
  Args args;
  {
    Arrived const arrived(R"(["event"])");
    args = arrived.args_of_event();
    args.own();
  }
  EXPECT_TRUE(args.values().empty());
  EXPECT_TRUE(args[0].is_undefined());
}

TEST(Args, MayBeReplacedOneByOne) {
  Arrived const arrived(R"(["a","b"])");
  auto args = arrived.args();
  auto const copy = args;
  args.set(1, Value("changed"));
  args.set(3, Value(4));
  EXPECT_EQ(args.size(), 4U);
  EXPECT_EQ(args.values(), (std::vector<Value>{"a", "changed", {}, 4}));
  EXPECT_EQ(copy[1], Value("b"));
}

}}  // namespace aerie
