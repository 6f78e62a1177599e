#include "client.hpp"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace floor_server {

namespace {

constexpr std::size_t most_owed = 1024 * 1024;

}  // namespace

Client::~Client() {
  ::close(socket_);
}

bool Client::write(std::string_view shared) {
  auto const size = own_.size() + shared.size();
  if (size == 0) return true;
  ssize_t result = 0;
  if (own_.empty()) {
    result = ::send(socket_, shared.data(), shared.size(), MSG_NOSIGNAL);
  } else {
    std::array<iovec, 2> parts{iovec{own_.data(), own_.size()},
                               iovec{const_cast<char*>(shared.data()), shared.size()}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = shared.empty() ? 1 : 2;
    result = ::sendmsg(socket_, &message, MSG_NOSIGNAL);
  }
  if (result < 0 && errno != EAGAIN) return false;
  auto const sent = result < 0 ? std::size_t{0} : static_cast<std::size_t>(result);
  if (sent == size) {
    own_.clear();
    return true;
  }
  own_.append(shared).erase(0, sent);
  return own_.size() <= most_owed;
}

}  // namespace floor_server
