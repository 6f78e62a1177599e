#include "unit/core/fake_stream.hpp"
#include "unit/core/task_fixture.hpp"

#include <aerie/core/connector.hpp>
#include <aerie/core/listener.hpp>
#include <aerie/core/worker_pool.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <latch>
#include <optional>

namespace aerie::test { namespace {

/// A socket that listens and accepts nothing; with a backlog that is full, who connects hears nothing.
class Deaf {
 public:
  explicit Deaf(bool full) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(sockets_[0], raw, size), 0);
    EXPECT_EQ(::listen(sockets_[0], 0), 0);
    ::getsockname(sockets_[0], raw, &size);
    port = ntohs(address.sin_port);
    for (int i = 0; full && i < 4; ++i) {
      sockets_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
      ::connect(sockets_.back(), raw, size);
    }
  }
  ~Deaf() {
    for (int const socket : sockets_)
      ::close(socket);
  }
  std::uint16_t port = 0;

 private:
  std::vector<int> sockets_{::socket(AF_INET, SOCK_STREAM, 0)};
};

/// A port on which nobody listens.
std::uint16_t closed_port() {
  return Deaf(false).port;
}

core::Endpoint endpoint(std::string_view address) {
  return *core::Endpoint::parse(address);
}

class ConnectorTest : public TaskFixture {
 public:
  void connect(core::Address address, core::Milliseconds deadline = 5s) {
    if (!connector) connector = std::make_unique<core::Connector>(shard(), lookup);
    connector->connect(std::move(address), deadline, [this](core::Connected connected) {
      result = std::move(connected);
      if (result->stream) result->stream->set_handler(&handler);
    });
    EXPECT_FALSE(result) << "never within the call";
  }
  void run_to_result() {
    run_until([this] { return result.has_value(); });
  }
  static core::Address at(std::uint16_t port, std::string host = "127.0.0.1") {
    return {.host = std::move(host), .port = port};
  }

  /// What names stand for in these tests.
  core::Lookup lookup = [](std::string const& host) -> core::Resolution {
    if (host == "dead-and-alive") return {.addresses = {endpoint("224.0.0.1"), endpoint("127.0.0.1")}};
    if (host == "silent-and-alive") return {.addresses = {endpoint("127.0.0.1"), endpoint("127.0.0.2")}};
    return {.addresses = {}, .error = "no such name"};
  };
  std::optional<core::Connected> result;
  std::unique_ptr<core::Connector> connector;
  RecordingHandler handler;
  std::vector<std::unique_ptr<core::Stream>> accepted;
  std::unique_ptr<core::Listener> listen(std::string const& host = "127.0.0.1", std::uint16_t port = 0) {
    return std::make_unique<core::Listener>(shard(), host, port, [this](core::AcceptedSocket socket) {
      accepted.push_back(socket.open(shard()));
      accepted.back()->write("hello");
    });
  }
};

TEST_F(ConnectorTest, ConnectsToANumericAddress) {
  auto const listener = listen();
  connect(at(listener->port()));
  run_to_result();
  ASSERT_TRUE(result->stream) << result->reason;
  EXPECT_EQ(result->stream->peer().address(), "127.0.0.1");
  EXPECT_EQ(result->stream->peer().port(), listener->port());
  run_until([this] { return handler.data == "hello"; });
  EXPECT_FALSE(connector->pending());
}

TEST_F(ConnectorTest, LooksNamesUpOnTheSystem) {
  lookup = core::look_up;
  auto const listener = listen();
  connect(at(listener->port(), "localhost"));
  run_to_result();
  ASSERT_TRUE(result->stream) << result->reason;
}

TEST_F(ConnectorTest, ConnectsToAUnixSocket) {
  auto const path =
      std::filesystem::temp_directory_path() / ("aerie-connector-" + std::to_string(::getpid()));
  int const server = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.string().copy(address.sun_path, sizeof address.sun_path);
  ASSERT_EQ(::bind(server, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(server, 1), 0);
  connect({.path = path});
  run_to_result();
  EXPECT_TRUE(result->stream) << result->reason;
  ::close(server);
  std::filesystem::remove(path);
  result.reset();
  connect({.path = path});
  run_to_result();
  EXPECT_EQ(result->reason, "cannot connect to unix:" + path.string() + ": No such file or directory");
}

TEST_F(ConnectorTest, TellsThatNobodyListens) {
  auto const port = closed_port();
  connect(at(port));
  run_to_result();
  EXPECT_FALSE(result->stream);
  EXPECT_EQ(result->error, std::errc::connection_refused);
  EXPECT_EQ(result->reason, "cannot connect to 127.0.0.1:" + std::to_string(port) + ": Connection refused");
}

TEST_F(ConnectorTest, TellsThatThereIsNoWay) {
  connect(at(1, "224.0.0.1"));
  run_to_result();
  EXPECT_EQ(result->error, std::errc::network_unreachable);
}

TEST_F(ConnectorTest, TellsThatANameDoesNotResolve) {
  connect(at(6379, "redis.invalid"));
  run_to_result();
  EXPECT_EQ(result->error, std::errc::address_not_available);
  EXPECT_EQ(result->reason, "cannot connect to redis.invalid:6379: the name does not resolve (no such name)");
}

TEST_F(ConnectorTest, ALookupThatThrowsIsANameThatDoesNotResolve) {
  lookup = [](std::string const&) -> core::Resolution { throw std::runtime_error("broken"); };
  connect(at(6379, "redis"));
  run_to_result();
  EXPECT_EQ(result->reason, "cannot connect to redis:6379: the name does not resolve (broken)");
}

TEST_F(ConnectorTest, GoesOnAtOnceWhenAnAddressIsDead) {
  auto const listener = listen();
  connect(at(listener->port(), "dead-and-alive"));
  run_to_result();
  ASSERT_TRUE(result->stream) << result->reason;
  EXPECT_EQ(result->stream->peer().address(), "127.0.0.1");
}

TEST_F(ConnectorTest, GoesOnAfterAMomentWhenAnAddressIsSilent) {
  Deaf const deaf(true);
  auto const listener = listen("127.0.0.2", deaf.port);
  connect(at(deaf.port, "silent-and-alive"));
  // The name is looked up by another thread, and then the first address is tried.
  while (!result) {
    shard().turn(10ms);
    clock.advance(core::Connector::attempt_delay);
  }
  ASSERT_TRUE(result->stream) << result->reason;
  EXPECT_EQ(result->stream->peer().address(), "127.0.0.2");
}

TEST_F(ConnectorTest, TheDelayOfTheNextAttemptIsNotShorter) {
  Deaf const deaf(true);
  auto const listener = listen("127.0.0.2", deaf.port);
  RuntimeOptions in_place = options(clock, log);
  in_place.worker_threads = 0;
  Runtime other(in_place);
  core::Connector race(other.shard(0), lookup);
  std::optional<core::Connected> winner;
  race.connect(at(deaf.port, "silent-and-alive"), 5s,
               [&](core::Connected connected) { winner = std::move(connected); });
  other.shard(0).run_ready();
  clock.advance(249ms);
  other.shard(0).run_ready();
  run_ready();
  EXPECT_TRUE(accepted.empty());
  clock.advance(1ms);
  while (!winner) {
    other.shard(0).turn(1s);
  }
  ASSERT_TRUE(winner->stream) << winner->reason;
  EXPECT_EQ(winner->stream->peer().address(), "127.0.0.2");
}

TEST_F(ConnectorTest, GivesUpAtTheDeadline) {
  Deaf const deaf(true);
  connect(at(deaf.port), 3s);
  advance(2999ms);
  EXPECT_FALSE(result);
  advance(1ms);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->error, std::errc::timed_out);
  EXPECT_EQ(result->reason,
            "cannot connect to 127.0.0.1:" + std::to_string(deaf.port) + ": nobody answered in 3000 ms");
}

TEST_F(ConnectorTest, TheDeadlineCountsForTheNameToo) {
  auto const may_end = std::make_shared<std::latch>(1);  // may outlive the test
  lookup = [may_end](std::string const&) -> core::Resolution {
    may_end->wait();
    return {.addresses = {endpoint("127.0.0.1")}};
  };
  connect(at(1, "slow"), 3s);
  run_ready();
  advance(3s);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->reason, "cannot connect to slow:1: its name was not resolved in 3000 ms");
  may_end->count_down();
}

TEST_F(ConnectorTest, ANameIsNotLookedUpTwiceAtATime) {
  auto const may_end = std::make_shared<std::latch>(1);  // may outlive the test
  auto const lookups = std::make_shared<std::atomic<int>>(0);
  lookup = [may_end, lookups](std::string const&) -> core::Resolution {
    ++*lookups;
    may_end->wait();
    return {.addresses = {endpoint("127.0.0.1")}};
  };
  auto const listener = listen();
  connect(at(listener->port(), "slow"), 3s);
  while (*lookups == 0) {
  }
  for (int i = 0; i < 5; ++i) {
    advance(3s);
    ASSERT_TRUE(result);
    result.reset();
    connect(at(listener->port(), "slow"), 3s);
  }
  may_end->count_down();
  run_to_result();
  EXPECT_TRUE(result->stream) << result->reason;
  EXPECT_EQ(*lookups, 1);
}

TEST_F(ConnectorTest, MayBeDestroyedWhileItLooksUp) {
  auto const may_end = std::make_shared<std::latch>(1);  // may outlive the test
  lookup = [may_end](std::string const&) -> core::Resolution {
    may_end->wait();
    return {.addresses = {endpoint("127.0.0.1")}};
  };
  connect(at(1, "slow"));
  connector.reset();
  may_end->count_down();
  while (runtime.workers().waiting() > 0) {
  }
  advance(1h);
  EXPECT_FALSE(result);
}

TEST_F(ConnectorTest, MayBeDestroyedWhileItConnects) {
  Deaf const deaf(true);
  connect(at(deaf.port));
  run_ready();
  connector.reset();
  advance(1h);
  EXPECT_FALSE(result);
}

TEST_F(ConnectorTest, MayBeDestroyedByWhoIsTold) {
  for (auto const port : {closed_port(), Deaf(true).port}) {
    connector = std::make_unique<core::Connector>(shard(), lookup);
    bool told = false;
    connector->connect(at(port), 1s, [&](core::Connected) {
      connector.reset();
      told = true;
    });
    while (!told) {
      shard().turn(1ms);
      clock.advance(100ms);
    }
  }
}

TEST_F(ConnectorTest, WhoIsToldMayConnectAgain) {
  auto const listener = listen();
  connector = std::make_unique<core::Connector>(shard(), lookup);
  connector->connect(at(closed_port()), 1s, [&](core::Connected) { connect(at(listener->port())); });
  run_to_result();
  EXPECT_TRUE(result->stream) << result->reason;
}

TEST_F(ConnectorTest, LeavesNoDescriptorBehind) {
  auto const descriptors = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                         std::filesystem::directory_iterator());
  };
  auto const before = descriptors();
  {
    Deaf const deaf(true);
    connect(at(deaf.port), 1s);
    run_ready();
    connector->cancel();
    connect(at(closed_port()));
    run_to_result();
  }
  connector.reset();
  run_ready();
  EXPECT_EQ(descriptors(), before);
}

TEST(Interleaved, TakesTheFamiliesInTurn) {
  auto const texts = [](std::vector<std::string_view> const& in) {
    std::vector<core::Endpoint> endpoints;
    for (auto const text : in)
      endpoints.push_back(endpoint(text));
    std::string result;
    for (auto const& each : core::interleaved(endpoints))
      result += each.address() + " ";
    return result;
  };
  EXPECT_EQ(texts({}), "");
  EXPECT_EQ(texts({"1.0.0.1"}), "1.0.0.1 ");
  EXPECT_EQ(texts({"::1", "::2", "::3", "1.0.0.1", "1.0.0.2"}), "::1 1.0.0.1 ::2 1.0.0.2 ::3 ");
  EXPECT_EQ(texts({"1.0.0.1", "::1", "::2", "::3"}), "1.0.0.1 ::1 ::2 ::3 ");
  EXPECT_EQ(texts({"1.0.0.1", "1.0.0.2"}), "1.0.0.1 1.0.0.2 ");
}

TEST(Address, IsWrittenAsInUrls) {
  EXPECT_EQ((core::Address{.host = "redis", .port = 6379}.text()), "redis:6379");
  EXPECT_EQ((core::Address{.host = "::1", .port = 6379}.text()), "[::1]:6379");
  EXPECT_EQ((core::Address{.path = "/run/redis.sock"}.text()), "unix:/run/redis.sock");
}

}}  // namespace aerie::test
