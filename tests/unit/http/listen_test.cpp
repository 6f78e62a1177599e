// A server on real sockets of this machine.

#include <aerie/http/server.hpp>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <set>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace aerie::http { namespace {

/// A client that blocks.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() { ::close(socket_); }
  Client(Client const&) = delete;
  Client& operator=(Client const&) = delete;

  bool connected() const { return connected_; }
  /// Everything the server sends until it closes.
  std::string ask(std::string_view request) const {
    EXPECT_EQ(::send(socket_, request.data(), request.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(request.size()));
    std::string response;
    char buffer[4096];
    for (ssize_t size = 0; (size = ::recv(socket_, buffer, sizeof buffer, 0)) > 0;) {
      response.append(buffer, static_cast<std::size_t>(size));
    }
    return response;
  }

 private:
  int socket_;
  bool connected_ = false;
};

constexpr std::string_view request = "GET /shard HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

class ListenTest : public testing::Test {
 protected:
  ListenTest() {
    server.get("/shard", [](Request const& asked) {
      EXPECT_EQ(asked.peer.address(), "127.0.0.1");
      return Response::text(200, std::to_string(core::Shard::current()->index()));
    });
    server.listen(0, "127.0.0.1");
    thread = std::thread([this] { server.run(); });
  }
  ~ListenTest() override {
    server.stop();
    thread.join();
  }

  Server server{{}, {.threads = 2, .log_sink = nullptr}};
  std::thread thread;
};

TEST_F(ListenTest, DealsConnectionsOutToAllShards) {
  std::set<char> shards;
  for (int i = 0; i < 4; ++i)
    shards.insert(Client(server.port()).ask(request).back());
  EXPECT_EQ(shards, (std::set<char>{'0', '1'}));
}

TEST_F(ListenTest, ServesConnectionsAtTheSameTime) {
  std::atomic<int> good = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      for (int j = 0; j < 25; ++j) {
        if (Client(server.port()).ask(request).starts_with("HTTP/1.1 200 OK")) ++good;
      }
    });
  }
  for (auto& client : clients)
    client.join();
  EXPECT_EQ(good, 200);
}

TEST_F(ListenTest, TellsThatAPortIsTaken) {
  Server other;
  EXPECT_THROW(other.listen(server.port(), "127.0.0.1"), std::system_error);
}

TEST_F(ListenTest, FreesThePortWhenItCloses) {
  auto const port = server.port();
  Client const idle(port);
  ASSERT_TRUE(idle.connected());
  EXPECT_TRUE(server.listening());
  server.close();
  // The end of the idle connection says that the first shard has closed, or the second; then the port is free
  // soon.
  EXPECT_EQ(idle.ask(""), "");
  EXPECT_FALSE(server.listening());
  while (Client(port).connected())
    std::this_thread::yield();
  Server other;
  EXPECT_NO_THROW(other.listen(port, "127.0.0.1"));
}

}}  // namespace aerie::http
