#include "load/http_exchange.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

namespace load {

namespace {

/// The value of Content-Length in a response's head; npos if there is none.
std::size_t content_length(std::string_view head) {
  constexpr std::string_view name = "\r\ncontent-length:";
  auto const same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  auto const found = std::search(head.begin(), head.end(), name.begin(), name.end(), same);
  if (found == head.end()) return std::string_view::npos;
  auto value = head.substr(static_cast<std::size_t>(found - head.begin()) + name.size());
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  std::size_t length = std::string_view::npos;
  std::from_chars(value.data(), value.data() + value.size(), length);
  return length;
}

}  // namespace

void HttpExchange::open(Address const& server) {
  waiting_.clear();
  input_.clear();
  connected_ = false;
  busy_ = false;
  socket_.connect(loop_, server, *this);
}

void HttpExchange::request(std::string text) {
  busy_ = true;
  if (connected_) return socket_.send(text);
  waiting_ = std::move(text);
}

void HttpExchange::on_events(std::uint32_t events) {
  if ((events & EPOLLOUT) != 0) {
    socket_.on_writable();
    connected_ = true;
    if (!waiting_.empty()) socket_.send(std::exchange(waiting_, {}));
  }
  if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) read();
}

void HttpExchange::read() {
  auto const received = socket_.receive();
  if (!received) return fail("the server has closed the connection");
  input_.append(*received);
  take_response();
}

void HttpExchange::take_response() {
  auto const end = input_.find("\r\n\r\n");
  if (end == std::string::npos) return;
  auto const head = std::string_view(input_).substr(0, end + 2);
  if (!head.starts_with("HTTP/1.1 2")) return fail(head.substr(0, head.find('\r')));
  auto const length = content_length(head);
  if (length == std::string_view::npos) return fail("an answer without Content-Length");
  auto const size = end + 4 + length;
  if (input_.size() < size) return;
  auto const response = std::exchange(input_, {});
  busy_ = false;
  on_body_(std::string_view(response).substr(end + 4, length));
}

void HttpExchange::fail(std::string_view why) {
  on_failure_(std::string(why));
  socket_.close();
}

}  // namespace load
