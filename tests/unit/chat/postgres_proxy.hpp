#pragma once

#include "unit/chat/temporary_directory.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace chat::test {

/// Stands between the chat and PostgreSQL, and loses what the test says. One connection after the other.
class PostgresProxy {
 public:
  enum class Plan : int {
    pass,
    lose_commit,  ///< The next COMMIT does not reach the server; the connection breaks.
    lose_answer,  ///< The next COMMIT does, and the answer is lost with the connection.
    be_silent,    ///< Nothing goes either way, and nothing breaks.
  };

  explicit PostgresProxy(std::string server) : server_(std::move(server)) {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    auto const address = address_of(directory_.file(".s.PGSQL.5432").string());
    if (::bind(listener_, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 8) != 0) {
      throw std::runtime_error("the proxy cannot listen");
    }
    thread_ = std::thread([this] { serve(); });
  }
  ~PostgresProxy() {
    ending_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  PostgresProxy(PostgresProxy const&) = delete;
  PostgresProxy& operator=(PostgresProxy const&) = delete;

  std::string url() const { return "postgres://chat@/postgres?host=" + directory_.file("").string(); }
  void plan(Plan next) { plan_ = next; }

 private:
  static sockaddr_un address_of(std::string const& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    return address;
  }

  void serve() {
    while (!ending_) {
      auto const client = ::accept(listener_, nullptr, nullptr);
      if (client < 0) return;
      auto const server = ::socket(AF_UNIX, SOCK_STREAM, 0);
      auto const address = address_of(server_);
      if (::connect(server, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0)
        carry(client, server);
      ::close(server);
      ::close(client);
    }
  }

  void carry(int client, int server) {
    bool loses_answer = false;
    while (!ending_) {
      std::array<pollfd, 2> both{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
      ::poll(both.data(), both.size(), 20);
      if (plan_ == Plan::be_silent) {
        if ((both[0].revents & POLLHUP) != 0) return;
        continue;
      }
      if (both[0].revents != 0) {
        auto const size = ::read(client, buffer_.data(), buffer_.size());
        if (size <= 0) return;
        std::string_view const bytes(buffer_.data(), static_cast<std::size_t>(size));
        if (bytes.find("COMMIT") != bytes.npos) {
          auto plan = plan_.load();
          if (plan != Plan::pass) plan_ = Plan::pass;
          if (plan == Plan::lose_commit) return;
          loses_answer = plan == Plan::lose_answer;
        }
        send_all(server, bytes);
      }
      if (both[1].revents != 0) {
        auto const size = ::read(server, buffer_.data(), buffer_.size());
        if (size <= 0 || loses_answer) return;
        send_all(client, {buffer_.data(), static_cast<std::size_t>(size)});
      }
    }
  }

  static void send_all(int to, std::string_view bytes) {
    while (!bytes.empty()) {
      auto const sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  TemporaryDirectory directory_;
  std::string server_;
  int listener_ = -1;
  std::atomic<Plan> plan_{Plan::pass};
  std::atomic<bool> ending_{false};
  std::array<char, 65536> buffer_{};
  std::thread thread_;
};

}  // namespace chat::test
