#pragma once

#include "load/http_exchange.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace load {

/// What a client of the program of apps/chat asks for over HTTP before it connects: one request after the
/// other, each of which turns the loop until it is answered. They throw std::runtime_error if it is refused,
/// or has no answer within ten seconds.
class ChatApi {
 public:
  ChatApi(EventLoop& loop, Address const& server);

  /// The token of the user of this name, who is made if there is none.
  std::string sign_in(std::string_view nickname);
  /// Makes a room and gives its id.
  std::string make_room(std::string_view name, std::string_view token);

 private:
  std::string post(std::string_view path, std::string_view token, std::string_view body);

  EventLoop& loop_;
  std::string answer_;
  std::string failure_;
  HttpExchange connection_;
};

}  // namespace load
