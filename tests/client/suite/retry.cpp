// What socket.io-client's retry.ts asserts.
#include "client/suite/official.hpp"

namespace aerie::client_suite {

class OfficialRetry : public Official {};

TEST_F(OfficialRetry, EventsAreSentOneAfterTheOtherUntilTheyAreAcknowledged) {
  auto options = quick();
  options.retries = 1;
  options.ack_timeout = 100ms;
  auto const manager = make(options);
  auto const socket = manager.socket();
  std::vector<std::string> sent;
  std::vector<std::string> answered;
  socket.on_any_outgoing([&](std::string_view event, Args const& args) {
    sent.push_back(std::string(event) + " " + args.get<std::string>(args.size() - 1));
  });
  auto const remember = [&](std::string name) {
    return [&answered, name](AckReply const& reply) {
      answered.push_back(name + (reply.ok() ? " ok" : " failed"));
    };
  };
  ASSERT_TRUE(joins(socket));
  socket.emit("echo", "1", remember("1"));
  socket.emit("unknown", "2", remember("2"));
  socket.emit("echo", "3", remember("3"));
  ASSERT_TRUE(until([&] { return answered.size() == 3; }));
  EXPECT_EQ(answered, (std::vector<std::string>{"1 ok", "2 failed", "3 ok"}));
  // A slow machine may need the second try of what is answered.
  std::erase_if(sent, [before = std::string()](std::string const& each) mutable {
    return std::exchange(before, each) == each && each != "unknown 2";
  });
  EXPECT_EQ(sent, (std::vector<std::string>{"echo 1", "unknown 2", "unknown 2", "echo 3"}));
}

TEST_F(OfficialRetry, AnEventThatIsNeverAcknowledgedIsTriedOnceMoreThanTheRetries) {
  auto options = quick();
  options.retries = 3;
  options.ack_timeout = 20ms;
  auto const manager = make(options);
  auto const socket = manager.socket();
  int sent = 0;
  socket.on_any_outgoing([&](std::string_view, Args const&) { ++sent; });
  ASSERT_TRUE(joins(socket));
  std::optional<AckError> error;
  socket.emit("unknown", [&](AckReply const& reply) { error = reply.error(); });
  ASSERT_TRUE(until([&] { return error.has_value(); }));
  EXPECT_EQ(*error, AckError::timeout);
  EXPECT_EQ(sent, 4);
}

TEST_F(OfficialRetry, NothingIsTriedWhileThereIsNoConnectionAndNothingTwiceWithIt) {
  auto options = quick();
  options.retries = 3;
  options.ack_timeout = 10s;
  auto const manager = make(options);
  auto const socket = manager.socket();
  int sent = 0;
  socket.on_any_outgoing([&](std::string_view, Args const&) { ++sent; });
  std::vector<std::string> answers;
  auto const remember = [&](AckReply const& reply) { answers.push_back(reply.get<std::string>()); };
  socket.emit("echo", "before", remember);
  socket.on("connect", [&] { socket.emit("echo", "within", remember); });
  work_for(50ms);
  EXPECT_EQ(sent, 0);
  ASSERT_TRUE(joins(socket));
  ASSERT_TRUE(until([&] { return answers.size() == 2; }));
  EXPECT_EQ(answers, (std::vector<std::string>{"before", "within"}));
  EXPECT_EQ(sent, 2);
}

}  // namespace aerie::client_suite
