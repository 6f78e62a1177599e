#include "server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <array>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

namespace floor_server {

Server::Server(std::uint16_t port) {
  int const on = 1;
  setsockopt(acceptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(acceptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) < 0 ||
      ::listen(acceptor_, 4096) < 0)
    throw std::system_error(errno, std::generic_category(), "listen");
  epoll_event event{};
  event.events = EPOLLIN;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, acceptor_, &event);
}

std::uint16_t Server::port() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(acceptor_, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

void Server::run() {
  std::array<epoll_event, 512> events;
  for (;;) {
    auto const count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      auto const& event = events[static_cast<std::size_t>(i)];
      if (event.data.ptr == nullptr) {
        accept_all();
      } else {
        on_events(*static_cast<Client*>(event.data.ptr), event.events);
      }
    }
    end_turn();
  }
}

void Server::accept_all() {
  for (;;) {
    auto const socket = ::accept4(acceptor_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) return;
    int const on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto client = std::make_unique<Client>(socket);
    epoll_event event{};
    // Edge-triggered, so that the wish to write needs no system call.
    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
    event.data.ptr = client.get();
    epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
    clients_.emplace(client.get(), std::move(client));
  }
}

void Server::on_events(Client& client, std::uint32_t events) {
  if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0 && !read(client)) client.leaving = true;
  if (client.leaving || ((events & EPOLLOUT) != 0 && client.has_queued())) answer(client, {});
}

bool Server::read(Client& client) {
  for (;;) {
    auto const size = ::recv(client.socket(), buffer_.data(), buffer_.size(), 0);
    if (size <= 0) return size < 0 && errno == EAGAIN;
    auto const count = static_cast<std::size_t>(size);
    if (client.unread.empty()) {
      auto const used = consume(client, {buffer_.data(), count});
      client.unread.assign(buffer_.data() + used, count - used);
    } else {
      client.unread.append(buffer_.data(), count);
      client.unread.erase(0, consume(client, client.unread));
    }
    // Less than asked for: the kernel has no more, and will say when it has.
    if (count < buffer_.size()) return true;
  }
}

std::size_t Server::consume(Client& client, std::span<char> input) {
  std::size_t used = 0;
  if (!client.upgraded) {
    std::string_view const text(input.data(), input.size());
    auto const end = text.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    auto const response = upgrade_response(text);
    if (!response) {
      client.leaving = true;
      return input.size();
    }
    client.upgraded = true;
    answer(client, *response + open_);
    used = end + 4;
  }
  while (auto const frame = take_frame(input.subspan(used))) {
    used += frame->size;
    if (frame->opcode == 8) client.leaving = true;
    if (frame->opcode == 1) on_packet(client, frame->payload);
  }
  return used;
}

void Server::on_packet(Client& client, std::string_view packet) {
  if (packet.starts_with("42[")) {
    auto const room = client.room != nullptr ? client.room : &rooms_["bench"];
    return broadcast(*room, text_frame(packet));
  }
  if (packet.starts_with("40")) return answer(client, connected_);
  if (!packet.starts_with("42")) return;
  auto const bracket = packet.find('[');
  auto const comma = packet.find(',');
  auto const acknowledgement = std::string("43").append(packet.substr(2, bracket - 1));
  if (packet.substr(bracket).starts_with("[\"join\"")) {
    auto const quoted = packet.substr(comma + 2);
    client.room = &rooms_[std::string(quoted.substr(0, quoted.find('"')))];
    client.room->members.push_back(&client);
    return answer(client, text_frame(acknowledgement + "]"));
  }
  answer(client, text_frame(acknowledgement + std::string(packet.substr(comma + 1))));
}

void Server::answer(Client& client, std::string_view frame) {
  client.queue(frame);
  if (client.listed) return;
  client.listed = true;
  to_write_.push_back(&client);
}

void Server::broadcast(Room& room, std::string_view frame) {
  if (room.frames.empty()) to_flush_.push_back(&room);
  room.frames.append(frame);
}

void Server::end_turn() {
  for (auto* room : to_flush_) {
    for (auto* member : room->members) {
      if (!member->write(room->frames)) end(*member);
    }
    room->frames.clear();
  }
  to_flush_.clear();
  // Those whom a room's frames took along have nothing left and cost nothing here.
  for (auto* client : to_write_) {
    client->listed = false;
    if (!client->write({}) || client->leaving) remove(*client);
  }
  to_write_.clear();
}

void Server::end(Client& client) {
  client.leaving = true;
  answer(client, {});
}

void Server::remove(Client& client) {
  if (client.room != nullptr) std::erase(client.room->members, &client);
  clients_.erase(&client);
}

}  // namespace floor_server
