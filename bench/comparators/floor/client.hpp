#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace floor_server {

struct Room;

/// One connection. What it has to send in a turn of the loop is collected, and leaves in one write.
class Client {
 public:
  explicit Client(int socket) : socket_(socket) {}
  ~Client();
  Client(Client const&) = delete;
  Client& operator=(Client const&) = delete;

  int socket() const { return socket_; }

  /// For this turn's write.
  void queue(std::string_view frame) { own_.append(frame); }
  bool has_queued() const { return !own_.empty(); }
  /// Writes what is queued and then `shared`, which may belong to many, at once. False if the client has gone
  /// or owes more than a megabyte.
  bool write(std::string_view shared);

  bool upgraded = false;
  bool leaving = false;  // to be closed when this turn's write is done
  bool listed = false;   // among those that have queued something in this turn
  std::string unread;    // the beginning of a frame or of the request
  Room* room = nullptr;

 private:
  int socket_;
  std::string own_;
};

}  // namespace floor_server
