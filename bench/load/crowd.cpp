#include "load/crowd.hpp"

#include "load/websocket_frames.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace load {

namespace {

/// The id of an event that asks for an acknowledgement; empty for other packets.
std::string_view question(std::string_view packet) {
  if (!packet.starts_with('2')) return {};
  return packet.substr(1, packet.find_first_not_of("0123456789", 1) - 1);
}

}  // namespace

Crowd::Crowd(EventLoop& loop, Address const& server, std::size_t size, bool msgpack, Dialect const& dialect)
    : Crowd(loop, size, {browser_endpoint(server, msgpack, dialect)}) {}

Crowd::Crowd(EventLoop& loop, std::size_t size, std::vector<Endpoint> endpoints)
    : loop_(loop),
      endpoints_(std::move(endpoints)),
      receive_buffers_(size),
      opened_at_(size),
      is_broken_(size) {
  ClientListener& listener = *this;
  clients_.reserve(size);
  for (std::size_t i = 0; i < size; ++i)
    clients_.push_back(
        std::make_unique<WebSocketClient>(i, loop, endpoints_[i % endpoints_.size()], listener));
}

void Crowd::connect(std::function<void(Clock::duration)> const& on_each) {
  on_each_ = on_each;
  auto const limit = after(Clock::now(), patience_s);
  while (ready_ < size()) {
    open_some(handshakes_at_once - (opened_ - ready_));
    turn_until(limit, "connect");
  }
}

bool Crowd::open_some(std::size_t count) {
  for (auto const end = opened_ + std::min(count, size() - opened_); opened_ < end; ++opened_) {
    opened_at_[opened_] = Clock::now();
    clients_[opened_]->open(receive_buffers_[opened_]);
  }
  return opened_ < size();
}

void Crowd::join(std::function<std::string(std::size_t)> const& room_of, std::size_t count) {
  ask([&](std::size_t client) { return dialect().subscribe(room_of(client)); }, count);
}

void Crowd::ask(std::function<std::string(std::size_t)> const& packet_of, std::size_t count) {
  auto const limit = after(Clock::now(), patience_s);
  joined_ = 0;
  for (std::size_t i = 0; i < count; ++i)
    clients_[i]->send(text_frame(packet_of(i)));
  while (joined_ < count)
    turn_until(limit, "join");
}

void Crowd::leave() {
  auto const limit = after(Clock::now(), patience_s);
  for (auto const& client : clients_)
    client->leave();
  while (left_ < size())
    turn_until(limit, "leave");
}

std::size_t Crowd::broken(std::size_t begin, std::size_t end) const {
  auto const first = is_broken_.begin();
  return static_cast<std::size_t>(
      std::count(first + static_cast<std::ptrdiff_t>(begin), first + static_cast<std::ptrdiff_t>(end), 1));
}

void Crowd::turn_until(TimePoint limit, char const* what) {
  if (broken_ != 0 || Clock::now() > limit)
    throw std::runtime_error(std::string("the clients could not ") + what + ": " + std::to_string(ready_) +
                             " of " + std::to_string(size()) + " are ready, " + std::to_string(joined_) +
                             " have joined, " + std::to_string(broken_) + " connections have broken");
  loop_.turn(limit);
}

void Crowd::on_ready(std::size_t client) {
  ++ready_;
  if (on_each_) on_each_(Clock::now() - opened_at_[client]);
}

void Crowd::on_packet(std::size_t client, std::string_view packet) {
  if (packet.starts_with(dialect().subscribed)) {
    ++joined_;
  } else if (auto const id = question(packet); !id.empty()) {
    clients_[client]->send(text_frame("43" + std::string(id) + "[]"));
  } else if (on_packet_) {
    on_packet_(client, packet);
  }
}

void Crowd::on_attachment(std::size_t client, std::string_view bytes) {
  if (on_attachment_) on_attachment_(client, bytes);
}

void Crowd::on_closed(std::size_t client, bool asked) {
  if (asked) {
    ++left_;
    return;
  }
  is_broken_[client] = 1;
  ++broken_;
}

}  // namespace load
