#include "core/joint_sender.hpp"

#include "unit/core/fake_stream.hpp"

#include <aerie/core/listener.hpp>
#include <aerie/core/runtime.hpp>

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace aerie::test { namespace {

using namespace std::chrono_literals;

/// What there is to read at present.
std::string read_all(int socket) {
  std::string text;
  std::array<char, 65536> buffer;
  while (true) {
    auto const size = ::recvfrom(socket, buffer.data(), buffer.size(), MSG_DONTWAIT, nullptr, nullptr);
    if (size <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(size));
  }
}

/// One that sends, and does not block, and its peer.
class SocketPair {
 public:
  SocketPair() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    sender = ends[0];
    peer = ends[1];
  }
  ~SocketPair() {
    ::close(sender);
    close_peer();
  }
  SocketPair(SocketPair const&) = delete;
  SocketPair& operator=(SocketPair const&) = delete;

  void close_peer() {
    if (peer >= 0) ::close(std::exchange(peer, -1));
  }
  /// How much that took.
  std::size_t fill() const {
    std::string const piece(4096, 'f');
    std::size_t filled = 0;
    while (true) {
      auto const size = ::sendto(sender, piece.data(), piece.size(), MSG_NOSIGNAL, nullptr, 0);
      if (size <= 0) return filled;
      filled += static_cast<std::size_t>(size);
    }
  }

  int sender = -1;
  int peer = -1;
};

class JointSenderTest : public ::testing::Test {
 public:
  void SetUp() override {
    if (!sender) GTEST_SKIP() << "no io_uring here: " << refused.message();
  }

  /// Nobody looks into them: each stands for itself.
  core::Stream& stream(std::size_t index) {
    while (streams_.size() <= index)
      streams_.push_back(std::make_unique<FakeStream>(runtime.shard(0)));
    return *streams_[index];
  }
  /// What `send` has told of it; 0 if nothing.
  std::size_t sent(std::size_t index) {
    for (auto const& [whose, bytes] : last) {
      if (whose == &stream(index)) return bytes;
    }
    return 0;
  }
  void send() {
    auto const told = sender->send();
    last.assign(told.begin(), told.end());
  }

  Runtime runtime;
  std::error_code refused;
  std::unique_ptr<core::JointSender> sender = core::open_send_ring(refused);
  std::vector<core::JointSender::Sent> last;

 private:
  std::vector<std::unique_ptr<FakeStream>> streams_;
};

TEST_F(JointSenderTest, SendsNothingIfNothingWasAdded) {
  send();
  EXPECT_TRUE(last.empty());
}

TEST_F(JointSenderTest, SendsToEachWhatIsItsOwnUntilItIsFullAndAgain) {
  SocketPair const pair;
  for (int round = 0; round < 5; ++round) {
    std::vector<std::string> texts;
    texts.reserve(10'000);
    std::string all;
    while (!sender->full()) {
      texts.push_back(std::to_string(texts.size()) + ' ');
      all += texts.back();
      sender->add(pair.sender, texts.back(), stream(texts.size() - 1));
    }
    send();
    EXPECT_FALSE(sender->full());
    ASSERT_EQ(last.size(), texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i)
      EXPECT_EQ(sent(i), texts[i].size());
    EXPECT_EQ(read_all(pair.peer), all);
  }
}

TEST_F(JointSenderTest, DoesNotTellOfWhoeverIsRefusedAndGoesOnWithTheOthers) {
  SocketPair const full;
  SocketPair gone;
  SocketPair const well;
  auto const filled = full.fill();
  gone.close_peer();
  sender->add(full.sender, "late", stream(0));
  sender->add(gone.sender, "lost", stream(1));
  sender->add(-1, "nowhere", stream(2));
  sender->add(well.sender, "well", stream(3));
  send();
  ASSERT_EQ(last.size(), 1U);
  EXPECT_EQ(sent(3), 4U);
  EXPECT_EQ(read_all(well.peer), "well");
  // Nothing has stayed behind that would be sent now that there is room.
  EXPECT_EQ(read_all(full.peer), std::string(filled, 'f'));
  sender->add(full.sender, "again", stream(0));
  send();
  EXPECT_EQ(sent(0), 5U);
  EXPECT_EQ(read_all(full.peer), "again");
}

TEST_F(JointSenderTest, TellsHowMuchWasTakenOfWhatIsTooMuch) {
  SocketPair const pair;
  std::string const text(8 << 20, 'x');
  sender->add(pair.sender, text, stream(0));
  send();
  EXPECT_GT(sent(0), 0U);
  EXPECT_LT(sent(0), text.size());
  EXPECT_EQ(read_all(pair.peer).size(), sent(0));
}

/// A server whose clients all hear what is said, by an event loop that sends jointly if that is possible.
class JointServer {
 public:
  /// One of its clients: what it has heard, and how it is made to be slow or go.
  class Client final : public core::StreamHandler {
   public:
    explicit Client(JointServer& server) : server_(server) {
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(server.listener_.port());
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr const*>(&address), sizeof address), 0);
      while (!server.accepted_)
        server.shard.turn(10s);
      stream = std::move(server.accepted_);
      stream->set_handler(this);
    }
    ~Client() override {
      if (socket_ >= 0) ::close(socket_);
      end();
    }
    Client(Client const&) = delete;
    Client& operator=(Client const&) = delete;

    void on_data(std::span<char>) override {}
    void on_overflow() override { overflowed = true; }
    void on_closed(std::error_code) override {
      closed = true;
      if (then) then();
    }
    /// As a session that is closed: its stream goes at the end of the turn.
    void end() {
      if (!stream) return;
      stream->close();
      server_.shard.retire(std::move(stream));
    }
    void reset() {
      linger const now{1, 0};
      ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
      ::close(std::exchange(socket_, -1));
    }
    /// All that it has been sent, as soon as it is so much.
    std::string const& hear(std::size_t bytes) {
      heard += read_all(socket_);
      while (heard.size() < bytes) {
        server_.shard.turn(1ms);
        heard += read_all(socket_);
      }
      return heard;
    }

    std::unique_ptr<core::Stream> stream;
    std::string heard;
    bool closed = false;
    bool overflowed = false;
    /// When it has been closed.
    std::function<void()> then;

   private:
    JointServer& server_;
    int socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  };

  explicit JointServer(std::size_t count, bool io_uring) : runtime({.io_uring = io_uring}) {
    for (std::size_t i = 0; i < count; ++i)
      clients.push_back(std::make_unique<Client>(*this));
  }
  ~JointServer() {
    clients.clear();
    shard.run_ready();
  }
  JointServer(JointServer const&) = delete;
  JointServer& operator=(JointServer const&) = delete;

  /// In one turn, to all that are left.
  void say(std::string_view text) {
    auto const chunk = core::ChunkRef::copy(text);
    shard.post([this, chunk] {
      for (auto const& client : clients) {
        if (client->stream) client->stream->write(chunk);
      }
    });
    shard.turn(0ms);
  }

  Runtime runtime;
  core::Shard& shard = runtime.shard(0);

 private:
  std::unique_ptr<core::Stream> accepted_;
  core::Listener listener_{shard, "127.0.0.1", 0,
                           [this](core::AcceptedSocket socket) { accepted_ = socket.open(shard); }};

 public:
  std::vector<std::unique_ptr<Client>> clients;
};

/// Whether it sends jointly or not, clients notice no difference.
class JointServerTest : public ::testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(WithAndWithoutIoUring, JointServerTest, ::testing::Bool(),
                         [](auto const& tested) { return tested.param ? "with" : "without"; });

TEST_P(JointServerTest, EveryClientHearsEverythingOnceAndInOrder) {
  // More than a ring takes at once.
  JointServer server(300, GetParam());
  std::string all;
  for (auto const* text : {"one ", "two ", "three "}) {
    server.say(text);
    all += text;
  }
  for (auto const& client : server.clients)
    EXPECT_EQ(client->hear(all.size()), all);
}

TEST_P(JointServerTest, SeveralPartsOfOneTurnStayInOrder) {
  JointServer server(20, GetParam());
  server.shard.post([&] {
    for (auto const& client : server.clients) {
      client->stream->write("own ");
      client->stream->write(core::ChunkRef::copy("shared "));
      client->stream->write("own again");
    }
  });
  server.shard.turn(0ms);
  for (auto const& client : server.clients)
    EXPECT_EQ(client->hear(20), "own shared own again");
}

TEST_P(JointServerTest, SlowClientsAreSentTheRestWhenTheyRead) {
  JointServer server(12, GetParam());
  std::string all;
  // Until the kernel takes no more, and on.
  for (int i = 0; i < 40; ++i) {
    std::string const text(200'000, static_cast<char>('a' + i % 26));
    for (auto const& client : server.clients)
      client->stream->set_limit(text.size() * 50);
    server.say(text);
    all += text;
  }
  EXPECT_TRUE(server.clients.front()->stream->blocked());
  for (auto const& client : server.clients) {
    EXPECT_TRUE(client->hear(all.size()) == all);
    EXPECT_FALSE(client->overflowed);
  }
}

TEST_P(JointServerTest, AClientThatIsGoneIsToldOfAndTheOthersHear) {
  JointServer server(30, GetParam());
  auto& gone = *server.clients[10];
  // In the turn itself, so that it is known only when it is sent to.
  server.shard.post([&] { gone.reset(); });
  server.say("hello");
  while (!gone.closed)
    server.shard.turn(10ms);
  for (auto const& client : server.clients) {
    if (client.get() != &gone) {
      EXPECT_EQ(client->hear(5), "hello");
    }
  }
}

TEST_P(JointServerTest, WhoeverIsToldOfAnEndMayEndAndWriteToTheOthersOfTheTurn) {
  JointServer server(30, GetParam());
  auto& gone = *server.clients[5];
  std::string const much(400'000, 'm');
  gone.then = [&] {
    server.clients[6]->end();
    server.clients[4]->end();
    gone.end();
    server.clients[7]->stream->write("more");
    // So much leaves before the turn ends.
    server.clients[8]->stream->write(much);
  };
  server.shard.post([&] { gone.reset(); });
  server.shard.post([&] {
    for (auto const& client : server.clients)
      client->stream->write("hello ");
  });
  while (!gone.closed)
    server.shard.turn(10ms);
  EXPECT_EQ(server.clients[7]->hear(10), "hello more");
  EXPECT_TRUE(server.clients[8]->hear(6 + much.size()) == "hello " + much);
  EXPECT_EQ(server.clients[9]->hear(6), "hello ");
}

}}  // namespace aerie::test
