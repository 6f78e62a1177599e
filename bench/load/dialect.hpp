#pragma once

#include <string>
#include <string_view>

namespace load {

/// A protocol over WebSockets, told by how its texts begin: that of Socket.IO, and that of Centrifuge in JSON
/// (https://centrifugal.dev/docs/transports/client_protocol).
struct Dialect {
  std::string_view path;     // of the upgrade request
  std::string_view hello;    // what the server says before it is asked; empty: nothing
  std::string_view welcome;  // the answer to `connect`
  std::string_view ping;     // the whole text, as for `pong`
  std::string_view pong;
  std::string_view packet;      // in front of what clients' users are told of
  std::string_view subscribed;  // the answer to `subscribe`, without that
  std::string_view delivery;    // a message of a room up to its content, without that
  std::string_view end;         // what follows the content of one that is published
  bool has_lines;               // a text may be several packets, each in a line of its own

  /// The texts that connect with a token, that join a room, and that publish to the room `bench` up to the
  /// content.
  std::string (*connect)(std::string_view token);
  std::string (*subscribe)(std::string_view room);
  std::string (*publish)(std::string_view event);
};

extern Dialect const socket_io;
extern Dialect const centrifuge;

}  // namespace load
