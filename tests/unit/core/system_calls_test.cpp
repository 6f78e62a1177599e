#include "core/joint_sender.hpp"
#include "unit/core/fake_stream.hpp"

#include <aerie/core/listener.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/schedule.hpp>

#include <arpa/inet.h>
#include <dirent.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

// The kernel refuses: each system call of this floor fails, once or for ever, under a little server. The
// linker puts these functions before the real ones (tests/CMakeLists.txt).
namespace aerie::test { namespace {

/// What fails next, and how often it was tried.
struct Fault {
  std::string_view call;
  int error = 0;
  int times = 0;
  int tried = 0;

  bool strikes(std::string_view name) {
    if (name != call) return false;
    ++tried;
    if (times == 0) return false;
    if (times > 0) --times;
    errno = error;
    return true;
  }
};

// A function that the linker puts in can't be given anything.
thread_local Fault fault;

}}  // namespace aerie::test

extern "C" {
int __real_accept(int, sockaddr*, socklen_t*);
int __real_accept4(int, sockaddr*, socklen_t*, int);
int __real_poll(pollfd*, nfds_t, int);
int __real_pipe(int*);
int __real_epoll_ctl(int, int, int, epoll_event*);
int __real_epoll_wait(int, epoll_event*, int, int);
ssize_t __real_recv(int, void*, size_t, int);
ssize_t __real_send(int, void const*, size_t, int);
ssize_t __real_sendmsg(int, msghdr const*, int);
ssize_t __real_read(int, void*, size_t);
ssize_t __real_write(int, void const*, size_t);
int __real_signalfd(int, sigset_t const*, int);
int __real_eventfd(unsigned, int);
int __real_timerfd_create(int, int);
int __real_timerfd_settime(int, int, itimerspec const*, itimerspec*);
long __real_syscall(long, ...);

int __wrap_accept(int a, sockaddr* b, socklen_t* c) {
  return aerie::test::fault.strikes("accept") ? -1 : __real_accept(a, b, c);
}
int __wrap_poll(pollfd* a, nfds_t b, int c) {
  // Nobody is ever refused to wait a moment.
  return b != 0 && aerie::test::fault.strikes("poll") ? -1 : __real_poll(a, b, c);
}
int __wrap_pipe(int* a) {
  return aerie::test::fault.strikes("pipe") ? -1 : __real_pipe(a);
}
int __wrap_accept4(int a, sockaddr* b, socklen_t* c, int d) {
  return aerie::test::fault.strikes("accept4") ? -1 : __real_accept4(a, b, c, d);
}
int __wrap_epoll_ctl(int a, int b, int c, epoll_event* d) {
  // Nobody is ever refused to go.
  return b != EPOLL_CTL_DEL && aerie::test::fault.strikes("epoll_ctl") ? -1 : __real_epoll_ctl(a, b, c, d);
}
int __wrap_epoll_wait(int a, epoll_event* b, int c, int d) {
  return aerie::test::fault.strikes("epoll_wait") ? -1 : __real_epoll_wait(a, b, c, d);
}
ssize_t __wrap_recv(int a, void* b, size_t c, int d) {
  return aerie::test::fault.strikes("recv") ? -1 : __real_recv(a, b, c, d);
}
ssize_t __wrap_send(int a, void const* b, size_t c, int d) {
  return aerie::test::fault.strikes("send") ? -1 : __real_send(a, b, c, d);
}
ssize_t __wrap_sendmsg(int a, msghdr const* b, int c) {
  return aerie::test::fault.strikes("sendmsg") ? -1 : __real_sendmsg(a, b, c);
}
ssize_t __wrap_read(int a, void* b, size_t c) {
  return aerie::test::fault.strikes("read") ? -1 : __real_read(a, b, c);
}
ssize_t __wrap_write(int a, void const* b, size_t c) {
  return aerie::test::fault.strikes("write") ? -1 : __real_write(a, b, c);
}
int __wrap_signalfd(int a, sigset_t const* b, int c) {
  return aerie::test::fault.strikes("signalfd") ? -1 : __real_signalfd(a, b, c);
}
int __wrap_eventfd(unsigned a, int b) {
  return aerie::test::fault.strikes("eventfd") ? -1 : __real_eventfd(a, b);
}
int __wrap_timerfd_create(int a, int b) {
  return aerie::test::fault.strikes("timerfd_create") ? -1 : __real_timerfd_create(a, b);
}
int __wrap_timerfd_settime(int a, int b, itimerspec const* c, itimerspec* d) {
  return aerie::test::fault.strikes("timerfd_settime") ? -1 : __real_timerfd_settime(a, b, c, d);
}
// Whatever is called by its number.
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f) {
  auto const refused = (number == SYS_io_uring_setup && aerie::test::fault.strikes("io_uring_setup")) ||
                       (number == SYS_io_uring_enter && aerie::test::fault.strikes("io_uring_enter"));
  return refused ? -1 : __real_syscall(number, a, b, c, d, e, f);
}
}

namespace aerie::test { namespace {

using namespace std::chrono_literals;

std::size_t open_descriptors() {
  std::size_t count = 0;
  auto* const folder = ::opendir("/proc/self/fd");
  while (::readdir(folder) != nullptr)
    ++count;
  ::closedir(folder);
  return count;
}

/// Uses calls that never fail here.
class LittleClient {
 public:
  explicit LittleClient(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr const*>(&address), sizeof address), 0);
  }
  ~LittleClient() { ::close(socket_); }
  LittleClient(LittleClient const&) = delete;
  LittleClient& operator=(LittleClient const&) = delete;

  void say(std::string_view text) { ::sendto(socket_, text.data(), text.size(), MSG_NOSIGNAL, nullptr, 0); }
  bool has_heard(std::string_view text) {
    std::array<char, 1000> buffer;
    auto const size = ::recvfrom(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT, nullptr, nullptr);
    if (size > 0) heard_.append(buffer.data(), static_cast<std::size_t>(size));
    return heard_.find(text) != std::string::npos;
  }

 private:
  int socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::string heard_;
};

/// Answers each client with what it says, in so many parts.
class LittleServer {
 public:
  explicit LittleServer(int parts = 1, bool io_uring = false)
      : runtime({.io_uring = io_uring,
                 .log_sink = [this](LogRecord const& record) { log.emplace_back(record.message); }}),
        parts_(parts) {}
  ~LittleServer() {
    for (auto& echo : echoes_)
      echo->end();
    shard.run_ready();
  }
  LittleServer(LittleServer const&) = delete;
  LittleServer& operator=(LittleServer const&) = delete;

  /// Turns for `time` or until `done`; how many turns that took.
  template <class Condition>
  int turn_for(core::Milliseconds time, Condition done) {
    auto const end = std::chrono::steady_clock::now() + time;
    int turns = 0;
    while (!done() && std::chrono::steady_clock::now() < end) {
      shard.turn(5ms);
      ++turns;
    }
    return turns;
  }

  std::vector<std::string> log;
  Runtime runtime;
  core::Shard& shard = runtime.shard(0);

 private:
  struct Echo final : core::StreamHandler {
    Echo(std::unique_ptr<core::Stream> from, int count) : stream(std::move(from)), parts(count) {
      stream->set_handler(this);
    }
    void on_data(std::span<char> bytes) override {
      stream->write(std::string_view(bytes.data(), bytes.size()));
      for (int i = 1; i < parts; ++i)
        stream->write(core::ChunkRef::copy("!"));
    }
    void on_closed(std::error_code) override { end(); }
    void on_overflow() override { end(); }
    void end() {
      if (!stream) return;
      auto& shard = stream->shard();
      stream->close();
      shard.retire(std::move(stream));
    }
    std::unique_ptr<core::Stream> stream;
    int parts;
  };

  int parts_;
  std::vector<std::unique_ptr<Echo>> echoes_;

 public:
  core::Listener listener{shard, "127.0.0.1", 0, [this](core::AcceptedSocket socket) {
                            echoes_.push_back(std::make_unique<Echo>(socket.open(shard), parts_));
                          }};
};

/// The call by which this build's event loops do what those on epoll do by `call`; empty if they need none.
std::string_view own(std::string_view call) {
  if (!core::Poller::repeats()) return call;
  if (call == "accept4") return "accept";
  if (call == "epoll_wait") return "poll";
  if (call == "eventfd" || call == "signalfd") return "pipe";
  return call == "epoll_ctl" ? "" : call;
}

struct Failing {
  std::string_view call;
  int error;
  bool logged;
};

constexpr char no_descriptor[] = "with poll(2) an event loop has no descriptor";

class SystemCallsTest : public ::testing::Test {
 public:
  ~SystemCallsTest() override { fault = {}; }

  void survive(Failing const& failing, int times) {
    SCOPED_TRACE(std::string(failing.call) + ": " + std::system_category().message(failing.error) +
                 (times < 0 ? ", for ever" : ", once"));
    auto const descriptors = open_descriptors();
    {
      // One part is given to `send`, several to `sendmsg`.
      LittleServer server(failing.call == "sendmsg" ? 2 : 1);
      LittleClient old(server.listener.port());
      old.say("one");
      server.turn_for(5s, [&] { return old.has_heard("one"); });

      fault = {own(failing.call), failing.error, times};
      LittleClient unlucky(server.listener.port());
      unlucky.say("two");
      old.say("three");
      auto const turns = server.turn_for(60ms, [] { return false; });
      EXPECT_LT(turns, 100) << "it spins";
      EXPECT_GT(fault.tried, 0) << "it was never tried";
      EXPECT_LT(fault.tried, 500) << "it spins";
      if (failing.logged) {
        EXPECT_FALSE(server.log.empty());
      }
      EXPECT_LT(server.log.size(), 20U);

      fault = {};
      LittleClient later(server.listener.port());
      later.say("four");
      server.turn_for(5s, [&] { return later.has_heard("four"); });
      EXPECT_TRUE(later.has_heard("four")) << "the server does not serve any more";
    }
    EXPECT_EQ(open_descriptors(), descriptors);
  }
};

TEST_F(SystemCallsTest, OfAConnectionMayFailAtAnyTime) {
  for (auto const& failing : {Failing{"accept4", EMFILE, true},    Failing{"accept4", ENFILE, true},
                              Failing{"accept4", ENOBUFS, true},   Failing{"accept4", ENOMEM, true},
                              Failing{"accept4", EPERM, true},     Failing{"accept4", ECONNABORTED, false},
                              Failing{"accept4", EINTR, false},    Failing{"epoll_ctl", ENOSPC, true},
                              Failing{"epoll_ctl", ENOMEM, true},  Failing{"epoll_wait", EINTR, false},
                              Failing{"epoll_wait", ENOMEM, true}, Failing{"recv", ENOMEM, false},
                              Failing{"recv", EINTR, false},       Failing{"recv", ECONNRESET, false},
                              Failing{"send", ENOBUFS, false},     Failing{"send", EINTR, false},
                              Failing{"send", EPIPE, false},       Failing{"send", ECONNRESET, false},
                              Failing{"sendmsg", ENOBUFS, false},  Failing{"sendmsg", EINTR, false},
                              Failing{"sendmsg", EPIPE, false}}) {
    if (own(failing.call).empty()) continue;
    survive(failing, 1);
    // Signals without end are no failure; and what can be written is told again with poll(2), until it is.
    auto const again_at_once = failing.call == "epoll_wait" || core::Poller::repeats();
    if (failing.error != EINTR || !again_at_once) survive(failing, -1);
  }
}

TEST_F(SystemCallsTest, ThatWakeAShardMayFail) {
  LittleServer server;
  for (int const times : {1, -1}) {
    fault = {"read", EIO, times};
    int ran = 0;
    std::thread poster([&] { server.shard.post([&] { ++ran; }); });
    server.turn_for(5s, [&] { return ran > 0; });
    poster.join();
    EXPECT_LT(server.turn_for(60ms, [] { return false; }), 100);
    EXPECT_EQ(ran, 1);
    EXPECT_GT(fault.tried, 0);
  }
}

TEST_F(SystemCallsTest, ThatTellAShardOfALetterAreTriedAgain) {
  if (core::Poller::repeats()) GTEST_SKIP() << no_descriptor;
  Runtime runtime;
  auto const descriptor = runtime.descriptor();
  int ran = 0;
  auto const post = [&](int error, int times) {
    fault = {"write", error, times};
    runtime.shard(0).post([&] { ++ran; });
    fault = {};
    pollfd readable{descriptor, POLLIN, 0};
    return ::poll(&readable, 1, 0) == 1;
  };
  for (int const error : {EINTR, EAGAIN, EIO}) {
    for (int const times : {1, 5}) {
      EXPECT_TRUE(post(error, times)) << "nothing else would wake it";
      runtime.turn();
      EXPECT_EQ(std::exchange(ran, 0), 1);
    }
    // One that is refused for good is told of with the next one.
    EXPECT_FALSE(post(error, -1));
    EXPECT_TRUE(post(0, 0));
    runtime.turn();
    EXPECT_EQ(std::exchange(ran, 0), 2);
  }
}

TEST_F(SystemCallsTest, ThatTellAShardOfLettersMayFail) {
  LittleServer server;
  for (int const error : {EAGAIN, EIO}) {
    std::atomic<int> posted{0};
    int ran = 0;
    std::thread poster([&] {
      // Only a shard that waits is told: so again, until it did.
      fault = {"write", error, -1};
      while (fault.tried == 0) {
        server.shard.post([&] { ++ran; });
        ++posted;
        std::this_thread::yield();
      }
      fault = {};
      server.shard.post([&] { ++ran; });
      ++posted;
    });
    server.turn_for(5s, [&] { return ran > 0 && ran == posted; });
    poster.join();
    server.turn_for(5s, [&] { return ran == posted; });
    EXPECT_EQ(ran, posted);
    EXPECT_LT(server.turn_for(60ms, [] { return false; }), 100) << "it spins";
  }
}

TEST_F(SystemCallsTest, ThatSetTheAlarmMayFail) {
  if (core::Poller::repeats()) GTEST_SKIP() << no_descriptor;
  std::vector<std::string> log;
  Runtime runtime(
      RuntimeOptions{.log_sink = [&](LogRecord const& record) { log.emplace_back(record.message); }});
  auto const descriptor = runtime.descriptor();
  int fired = 0;
  auto const timer = after(runtime, 1ms, [&] { ++fired; });
  fault = {"timerfd_settime", EINVAL, 1};
  runtime.turn();
  EXPECT_EQ(fault.tried, 1);
  ASSERT_EQ(log.size(), 1U) << "nobody would know why timers are late";
  EXPECT_NE(log.front().find("cannot set the alarm"), std::string::npos) << log.front();
  fault = {};
  // The next turn, whatever it is for, sets it again.
  runtime.shard(0).post([] {});
  while (fired == 0) {
    pollfd readable{descriptor, POLLIN, 0};
    ASSERT_EQ(::poll(&readable, 1, 5000), 1);
    runtime.turn();
  }
  EXPECT_EQ(log.size(), 1U);
}

TEST_F(SystemCallsTest, OfARingMayBeRefusedForGood) {
  if (core::Poller::repeats()) GTEST_SKIP() << "there is no ring with poll(2)";
  auto const descriptors = open_descriptors();
  for (int const error : {EPERM, ENOSYS, ENOMEM}) {
    fault = {"io_uring_setup", error, -1};
    LittleServer server(1, true);
    EXPECT_EQ(fault.tried, 1);
    fault = {};
    ASSERT_EQ(server.log.size(), 1U);
    EXPECT_NE(server.log.front().find("RuntimeOptions::io_uring"), std::string::npos) << server.log.front();
    LittleClient client(server.listener.port());
    client.say("hello");
    server.turn_for(5s, [&] { return client.has_heard("hello"); });
    EXPECT_TRUE(client.has_heard("hello"));
  }
  EXPECT_EQ(open_descriptors(), descriptors);
}

TEST_F(SystemCallsTest, OfARingMayFailInATurnAndLeaveNothingBehind) {
  std::error_code refused;
  auto const ring = core::open_send_ring(refused);
  if (!ring) GTEST_SKIP() << "no io_uring here: " << refused.message();
  Runtime runtime;
  FakeStream stream(runtime.shard(0));
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  for (int const error : {EINTR, EAGAIN, EBUSY, ENOMEM, EBADF}) {
    fault = {"io_uring_enter", error, 1};
    ring->add(ends[0], "dropped", stream);
    EXPECT_TRUE(ring->send().empty());
    EXPECT_EQ(fault.tried, 1);
    EXPECT_TRUE(ring->send().empty());
    ring->add(ends[0], "sent", stream);
    ASSERT_EQ(ring->send().size(), 1U);
    std::array<char, 100> heard;
    EXPECT_EQ(::recvfrom(ends[1], heard.data(), heard.size(), MSG_DONTWAIT, nullptr, nullptr), 4);
  }
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_F(SystemCallsTest, OfTheStartThrowWithASentenceAndLeaveNothingOpen) {
  auto const descriptors = open_descriptors();
  auto const failed_with = [](std::string_view call, auto start) -> std::string {
    fault = {own(call), EMFILE, 1};
    if (fault.call.empty()) return "aerie: cannot be refused";
    try {
      start();
    } catch (std::system_error const& error) {
      return error.what();
    }
    return "nothing was thrown";
  };
  for (auto const* call : {"eventfd", "epoll_ctl"})
    EXPECT_EQ(failed_with(call, [] { Runtime const runtime({.threads = 2}); }).substr(0, 13), "aerie: cannot")
        << call;
  {
    Runtime runtime;
    for (auto const* call : {"signalfd", "epoll_ctl"}) {
      EXPECT_EQ(failed_with(call, [&] { runtime.on_signal({SIGUSR1}, [](int) {}); }).substr(0, 13),
                "aerie: cannot")
          << call;
    }
    EXPECT_EQ(
        failed_with("epoll_ctl",
                    [&] { core::Listener(runtime.shard(0), "127.0.0.1", 0, [](core::AcceptedSocket) {}); })
            .substr(0, 13),
        "aerie: cannot");
    EXPECT_EQ(failed_with("timerfd_create", [&] { runtime.descriptor(); }).substr(0, 13), "aerie: cannot");
    if (!core::Poller::repeats()) runtime.descriptor();
    runtime.turn();
  }
  EXPECT_EQ(open_descriptors(), descriptors);
}

}}  // namespace aerie::test
