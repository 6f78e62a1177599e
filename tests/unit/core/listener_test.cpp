#include "unit/core/fake_stream.hpp"
#include "unit/support/allocated.hpp"

#include <aerie/core/listener.hpp>
#include <aerie/core/runtime.hpp>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace aerie::test { namespace {

using namespace std::chrono_literals;

/// A blocking client of the operating system's.
class Client {
 public:
  explicit Client(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0;
  }
  ~Client() { close(); }
  Client(Client const&) = delete;
  Client& operator=(Client const&) = delete;

  bool connected() const { return connected_; }
  void write(std::string_view bytes) {
    ASSERT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }
  /// What has arrived; "" if nothing has, or the end.
  std::string read() {
    std::array<char, 65536> buffer;
    auto const size = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    ended_ = size == 0;
    return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
  }
  bool ended() const { return ended_; }
  void end_output() { ::shutdown(socket_, SHUT_WR); }
  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  void reset() {
    linger const now{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
  }

 private:
  int socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool connected_ = false;
  bool ended_ = false;
};

class TcpTest : public ::testing::Test {
 public:
  template <class Condition>
  void run_until(Condition done) {
    while (!done())
      shard.turn(10s);
  }
  /// True if something makes the shard turn within `time`.
  bool turns_within(core::Milliseconds time) {
    if (core::Poller::repeats()) {
      // There is no descriptor to look at: a turn that nothing happens in takes that long.
      auto const begun = std::chrono::steady_clock::now();
      shard.turn(time);
      return std::chrono::steady_clock::now() - begun < time;
    }
    pollfd turn{shard.descriptor(), POLLIN, 0};
    return ::poll(&turn, 1, static_cast<int>(time.count())) > 0;
  }
  void accept() {
    run_until([this] { return stream != nullptr; });
  }

  Runtime runtime;
  core::Shard& shard = runtime.shard(0);
  RecordingHandler handler;
  std::unique_ptr<core::Stream> stream;
  core::Listener listener{shard, "127.0.0.1", 0, [this](core::AcceptedSocket socket) {
                            stream = socket.open(shard);
                            stream->set_handler(&handler);
                          }};
};

TEST_F(TcpTest, AcceptsAndNamesThePeer) {
  Client const client(listener.port());
  ASSERT_TRUE(client.connected());
  accept();
  EXPECT_EQ(stream->peer().address(), "127.0.0.1");
  EXPECT_NE(stream->peer().port(), 0);
  EXPECT_FALSE(stream->secure());
}

TEST_F(TcpTest, CarriesBytesBothWays) {
  Client client(listener.port());
  accept();
  client.write("question");
  run_until([this] { return handler.data == "question"; });
  stream->write("answer");
  std::string answer;
  run_until([&] { return (answer += client.read()) == "answer"; });
}

TEST_F(TcpTest, TellsTheEndOfThePeersData) {
  Client client(listener.port());
  accept();
  client.write("last words");
  client.end_output();
  run_until([this] { return !handler.closed.empty(); });
  EXPECT_EQ(handler.data, "last words");
  EXPECT_FALSE(handler.closed[0]);
}

TEST_F(TcpTest, AnswersWhatCameTogetherWithTheEnd) {
  Client client(listener.port());
  accept();
  handler.answering = stream.get();
  client.write("question");
  client.end_output();
  run_until([this] { return !handler.closed.empty(); });
  std::string received;
  while (!client.ended())
    received += client.read();
  EXPECT_EQ(received, "answer");
}

TEST_F(TcpTest, GoesOnAfterThePeersEndWithoutTurningForNothing) {
  handler.goes_on = true;
  Client client(listener.port());
  accept();
  client.write("question");
  client.end_output();
  run_until([this] { return handler.ends == 1; });
  // Nothing reports the end again and again.
  EXPECT_FALSE(turns_within(50ms));
  // More than the socket takes, so that it is watched again.
  stream->set_limit(std::size_t{64} << 20U);
  std::string const much(std::size_t{8} << 20U, 'x');
  stream->write(much);
  std::size_t received = 0;
  while (received < much.size()) {
    received += client.read().size();
    shard.turn(0ms);
  }
  EXPECT_EQ(handler.data, "question");
  EXPECT_EQ(handler.ends, 1);
  EXPECT_TRUE(handler.closed.empty());
  core::Stream::finish(std::move(stream));
  run_until([&] {
    client.read();
    return client.ended();
  });
}

TEST_F(TcpTest, AResetAfterThePeersEndIsToldOnce) {
  handler.goes_on = true;
  Client client(listener.port());
  accept();
  client.end_output();
  run_until([this] { return handler.ends == 1; });
  client.reset();
  run_until([this] { return !handler.closed.empty(); });
  EXPECT_TRUE(handler.closed[0]);
  EXPECT_FALSE(turns_within(50ms));
  EXPECT_EQ(handler.closed.size(), 1U);
}

TEST_F(TcpTest, AResetThatCameWithTheEndIsAReset) {
  handler.goes_on = true;
  Client client(listener.port());
  accept();
  client.write("unread");
  client.end_output();
  client.reset();
  run_until([this] { return !handler.closed.empty(); });
  EXPECT_TRUE(handler.closed[0]);
}

TEST_F(TcpTest, ReadsEverythingBeforeTheEndThatCameWithIt) {
  Client client(listener.port());
  accept();
  // More than one read takes, all of it and the end there at once.
  std::string const much(200'000, 'x');
  client.write(much);
  client.end_output();
  run_until([this] { return !handler.closed.empty(); });
  EXPECT_EQ(handler.data.size(), much.size());
  EXPECT_FALSE(handler.closed[0]);
}

TEST_F(TcpTest, ReadsAfterAPauseWhatCameBeforeIt) {
  Client client(listener.port());
  accept();
  std::string const much(200'000, 'x');
  client.write(much);
  run_until([this] { return !handler.data.empty(); });
  stream->pause_reading();
  auto const before = handler.data.size();
  for (int i = 0; i < 5; ++i)
    shard.turn(1ms);
  EXPECT_EQ(handler.data.size(), before);
  stream->resume_reading();
  run_until([&] { return handler.data.size() == much.size(); });
}

TEST_F(TcpTest, TellsAReset) {
  Client client(listener.port());
  accept();
  client.reset();
  run_until([this] { return !handler.closed.empty(); });
  EXPECT_EQ(handler.closed[0], std::errc::connection_reset);
}

TEST_F(TcpTest, ReadsNothingWhilePausedButNoticesAReset) {
  Client client(listener.port());
  accept();
  stream->pause_reading();
  client.write("not yet");
  for (int i = 0; i < 5; ++i)
    shard.turn(1ms);
  EXPECT_EQ(handler.data, "");
  stream->resume_reading();
  run_until([this] { return !handler.data.empty(); });
  EXPECT_EQ(handler.data, "not yet");

  stream->pause_reading();
  client.write("never read");
  client.reset();
  run_until([this] { return !handler.closed.empty(); });
  EXPECT_EQ(handler.closed[0], std::errc::connection_reset);
  EXPECT_EQ(handler.data, "not yet");
}

TEST_F(TcpTest, SendsMoreThanTheSocketTakesAtOnce) {
  Client client(listener.port());
  accept();
  stream->set_limit(std::size_t{64} << 20U);
  std::string const much(std::size_t{32} << 20U, 'x');
  stream->write(much);
  run_until([this] { return !stream->idle(); });
  std::size_t received = 0;
  while (received < much.size()) {
    received += client.read().size();
    shard.turn(0ms);
  }
  EXPECT_TRUE(stream->idle());
  EXPECT_EQ(handler.drained, 1);
}

TEST_F(TcpTest, FinishDeliversTheLastBytesThenTheEnd) {
  Client client(listener.port());
  accept();
  client.write("a request nobody reads any more");
  stream->write("goodbye");
  core::Stream::finish(std::move(stream));
  std::string received;
  run_until([&] {
    received += client.read();
    return client.ended();
  });
  EXPECT_EQ(received, "goodbye");
}

TEST_F(TcpTest, FinishDeliversTheLastBytesAndTheEndAtOnceToAPeerThatHasEnded) {
  Client client(listener.port());
  accept();
  stream->write("goodbye");
  core::Stream::finish(std::move(stream), true);
  std::string received;
  while (!client.ended())
    received += client.read();
  EXPECT_EQ(received, "goodbye");
}

TEST_F(TcpTest, MovesToAnotherShard) {
  Runtime other_runtime;
  auto& other = other_runtime.shard(0);
  Client client(listener.port());
  accept();
  stream->leave();
  client.write("for the other shard");
  for (int i = 0; i < 5; ++i)
    shard.turn(1ms);
  EXPECT_EQ(handler.data, "");
  stream->enter(other);
  while (handler.data.empty())
    other.turn(10s);
  EXPECT_EQ(&stream->shard(), &other);
  stream->write("back");
  std::string answer;
  while ((answer += client.read()) != "back")
    other.turn(10ms);
  stream.reset();  // before its shard goes
}

TEST_F(TcpTest, AcceptsManyAtOnce) {
  std::vector<std::unique_ptr<core::Stream>> streams;
  core::Listener many(shard, "127.0.0.1", 0,
                      [&](core::AcceptedSocket socket) { streams.push_back(socket.open(shard)); });
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 200; ++i)
    clients.push_back(std::make_unique<Client>(many.port()));
  run_until([&] { return streams.size() == clients.size(); });
}

TEST_F(TcpTest, AnAcceptStormLeavesThoseWhoAreThereTheirTurns) {  // N19
  Client known(listener.port());
  accept();
  std::size_t accepted = 0;
  core::Listener stormed(shard, "127.0.0.1", 0, [&](core::AcceptedSocket const&) { ++accepted; });
  constexpr std::size_t in_all = 500;
  std::vector<std::unique_ptr<Client>> storm;
  for (std::size_t i = 0; i < in_all; ++i)
    storm.push_back(std::make_unique<Client>(stormed.port()));
  constexpr std::size_t in_a_turn = 64;
  for (auto rounds = in_all / in_a_turn; rounds > 0; --rounds) {
    handler.data.clear();
    known.write("question");
    auto const before = accepted;
    while (handler.data.empty()) {
      auto const begin = accepted;
      shard.turn(10s);
      ASSERT_LE(accepted - begin, in_a_turn);
    }
    ASSERT_LE(accepted - before, 2 * in_a_turn) << "it has waited for others";
  }
  run_until([&] { return accepted == in_all; });
}

TEST_F(TcpTest, AsksTheKernelToGiveUpAPeerThatHasVanished) {  // N24
  std::optional<unsigned> milliseconds;
  core::Listener asking(shard, "127.0.0.1", 0, [&](core::AcceptedSocket socket) {
    unsigned value = 0;
    socklen_t size = sizeof value;
    auto const descriptor = socket.release();
    if (::getsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, &size) == 0) milliseconds = value;
    ::close(descriptor);
  });
  Client const client(asking.port());
  run_until([&] { return milliseconds.has_value(); });
  EXPECT_EQ(*milliseconds, 45'000U);
}

TEST_F(TcpTest, ClosesASocketThatNobodyOpens) {
  core::Listener unwanted(shard, "127.0.0.1", 0, [](core::AcceptedSocket const&) {});
  Client client(unwanted.port());
  run_until([&] {
    client.read();
    return client.ended();
  });
}

TEST_F(TcpTest, ClosesASocketForWhoseAddressThereIsNoMemory) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  fail_allocation_after(0);
  EXPECT_THROW(core::AcceptedSocket(ends[0], reinterpret_cast<sockaddr const&>(v6)), std::bad_alloc);
  EXPECT_TRUE(allocation_has_failed());
  char byte = 0;
  EXPECT_EQ(::recv(ends[1], &byte, 1, MSG_DONTWAIT), 0) << "the end of its data";
  ::close(ends[1]);
}

TEST(Listener, RefusesOnlyTheConnectionForWhoseAddressThereIsNoMemory) {
  std::vector<std::string> log;
  Runtime runtime({.log_sink = [&](LogRecord const& record) { log.emplace_back(record.message); }});
  auto& shard = runtime.shard(0);
  std::vector<std::string> accepted;
  std::optional<core::Listener> listener;
  try {
    listener.emplace(shard, "::1", 0, [&](core::AcceptedSocket const& socket) {
      accepted.push_back(socket.peer().address());
    });
  } catch (std::system_error const& error) {
    GTEST_SKIP() << "there is no IPv6 here: " << error.what();
  }
  auto const connect = [&] {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(listener->port());
    address.sin6_addr = in6addr_loopback;
    auto const socket = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::connect(socket, reinterpret_cast<sockaddr const*>(&address), sizeof address), 0);
    return socket;
  };
  auto const refused = connect();
  fail_allocation_after(0);
  shard.turn(10s);
  EXPECT_TRUE(allocation_has_failed());
  EXPECT_TRUE(accepted.empty());
  ASSERT_EQ(log.size(), 1U);
  EXPECT_NE(log[0].find("the start of a connection"), std::string::npos) << log[0];
  auto const taken = connect();
  while (accepted.empty())
    shard.turn(10s);
  EXPECT_EQ(accepted, std::vector<std::string>{"::1"});
  ::close(refused);
  ::close(taken);
}

TEST_F(TcpTest, AnswersOnBothFamiliesWithoutAHost) {
  bool accepted = false;
  core::Listener everywhere(shard, "", 0, [&](core::AcceptedSocket const& socket) {
    EXPECT_EQ(socket.peer().address(), "127.0.0.1");
    accepted = true;
  });
  Client const client(everywhere.port());
  run_until([&] { return accepted; });
}

TEST_F(TcpTest, SaysWhatIsWrongWithAnAddress) {
  try {
    core::Listener const second(shard, "127.0.0.1", listener.port(), [](core::AcceptedSocket const&) {});
    FAIL() << "listened twice on one port";
  } catch (std::system_error const& error) {
    EXPECT_EQ(error.code(), std::errc::address_in_use);
    EXPECT_NE(std::string(error.what()).find("another program listens there; choose another port"),
              std::string::npos);
  }
  EXPECT_THROW(core::Listener(shard, "not a host name", 0, [](core::AcceptedSocket const&) {}),
               std::invalid_argument);
}

}}  // namespace aerie::test
