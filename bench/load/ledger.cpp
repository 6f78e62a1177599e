#include "load/ledger.hpp"

#include "load/prose.hpp"
#include "load/websocket_frames.hpp"

#include <algorithm>
#include <charconv>

namespace load {

namespace {

constexpr std::size_t digits = 10;

/// Of a packet that begins with `start`.
std::uint32_t number_of(std::string_view packet, std::string_view start) {
  std::uint32_t number = 0;
  if (!packet.starts_with(start) || packet.size() < start.size() + digits) return 0;
  auto const* const begin = packet.data() + start.size();
  std::from_chars(begin, begin + digits, number);
  return number;
}

}  // namespace

std::string Ledger::post(Message const& message) {
  posted_.push_back({message.scheduled, static_cast<std::uint32_t>(message.receivers),
                     static_cast<std::uint32_t>(message.sender)});
  owed_ += message.receivers;
  auto const number = std::to_string(posted_.size());
  auto packet = dialect_.publish(message.event);
  packet.append(digits - number.size(), '0').append(number);
  packet.append(prose(std::max(message.size, digits) - digits, posted_.size())).append(dialect_.end);
  return text_frame(packet);
}

bool Ledger::receive(std::size_t receiver, std::string_view packet) {
  auto const number = number_of(packet, dialect_.delivery);
  if (number == 0 || number > posted_.size()) {
    ++wrong_;
    return false;
  }
  auto& posted = posted_[number - 1];
  auto& last = last_[receiver * senders_ + posted.sender];
  if (number <= last) {
    ++wrong_;
    return false;
  }
  last = number;
  latencies_.add(Clock::now() - posted.scheduled);
  ++delivered_;
  return --posted.missing == 0;
}

}  // namespace load
