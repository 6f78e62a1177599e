#pragma once

#include "load/dialect.hpp"
#include "load/latencies.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace load {

/// Keeps account of numbered messages: who still has to receive them, and how long that took. What a receiver
/// gets of one sender must have rising numbers; nothing is promised about the order of different senders.
class Ledger {
 public:
  struct Message {
    TimePoint scheduled;  // when it is due to leave
    std::size_t receivers = 0;
    std::size_t size = 0;            // of the text, in bytes
    std::size_t sender = 0;          // below `senders`
    std::string_view event = "msg";  // that asks the server to pass it on
  };

  explicit Ledger(std::size_t receivers, std::size_t senders = 1, Dialect const& dialect = socket_io)
      : dialect_(dialect), senders_(senders), last_(receivers * senders) {}

  /// The frame of the next message; its text begins with its number.
  std::string post(Message const& message);

  /// Notes that a receiver has got a packet; true if it was the last one to get this message.
  bool receive(std::size_t receiver, std::string_view packet);

  /// Each of a delivery: from the scheduled time to the arrival.
  Latencies& latencies() { return latencies_; }

  std::uint64_t delivered() const { return delivered_; }
  std::uint64_t outstanding() const { return owed_ - delivered_; }
  /// What came without having been sent, twice, or out of order.
  std::uint64_t wrong() const { return wrong_; }

 private:
  struct Posted {
    TimePoint scheduled;
    std::uint32_t missing;
    std::uint32_t sender;
  };

  Dialect const& dialect_;
  std::size_t senders_;
  std::vector<Posted> posted_;
  std::vector<std::uint32_t>
      last_;  // the last number of each sender that each receiver has seen; the first is 1
  Latencies latencies_;
  std::uint64_t owed_ = 0;
  std::uint64_t delivered_ = 0;
  std::uint64_t wrong_ = 0;
};

}  // namespace load
