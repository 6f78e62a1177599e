#pragma once

#include "load/dialect.hpp"
#include "load/socket.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace load {

/// What one run of the generator measures. The meaning of `connections`, `in_flight` and `rate` depends on
/// the scenario; `--help` says which scenario reads what.
struct Options {
  std::string scenario = "echo";
  std::uint16_t port = 3000;
  std::uint16_t sender_port = 0;  // of the server that the sender of a fan-out is at; 0 is `port`
  std::vector<int> pids;          // the processes whose CPU time is counted; the first one's memory, too
  std::vector<int> beside;        // those whose CPU time is counted by itself: that of a cluster's Redis
  std::string event;              // other than the scenario's usual one
  std::size_t connections = 100;
  std::size_t in_flight = 1;
  std::size_t rooms = 1;
  std::size_t senders = 1;   // of the connections (stored)
  std::size_t payload = 64;  // bytes of text in a message
  bool binary = false;       // of an attachment instead
  bool msgpack = false;      // packets are MessagePack
  bool centrifuge = false;   // the clients speak Centrifuge's protocol
  double rate = 0;           // deliveries per second to aim at; 0 is a closed loop
  double warm_up = 0.5;      // seconds of load before the measurement
  double seconds = 3;        // seconds of the measurement
  double settle = 2;         // seconds of silence before memory is read
  // What all connections have in common, if they speak TLS.
  std::shared_ptr<TlsContext> tls = nullptr;

  Address server() const { return {port, tls.get()}; }
  Address sender_server() const { return {sender_port != 0 ? sender_port : port, tls.get()}; }
};

inline Dialect const& dialect_of(Options const& options) {
  return options.centrifuge ? centrifuge : socket_io;
}

}  // namespace load
