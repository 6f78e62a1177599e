#include "load/chat_api.hpp"

#include "load/drain.hpp"

#include <stdexcept>
#include <utility>

namespace load {

namespace {

/// A member of an object: the text between `before` and one of `end`.
std::string member(std::string_view json, std::string_view before, std::string_view end) {
  auto const found = json.find(before);
  if (found == std::string_view::npos)
    throw std::runtime_error("the chat's answer has no " + std::string(before) + ": " + std::string(json));
  auto const value = json.substr(found + before.size());
  return std::string(value.substr(0, value.find_first_of(end)));
}

std::string object(std::string_view name, std::string_view text) {
  return "{\"" + std::string(name) + "\":\"" + std::string(text) + "\"}";
}

}  // namespace

ChatApi::ChatApi(EventLoop& loop, Address const& server)
    : loop_(loop),
      connection_(
          loop, [this](std::string_view body) { answer_ = body; },
          [this](std::string_view why) { failure_ = why; }) {
  connection_.open(server);
}

std::string ChatApi::sign_in(std::string_view nickname) {
  return member(post("/api/login", "", object("nickname", nickname)), "\"token\":\"", "\"");
}

std::string ChatApi::make_room(std::string_view name, std::string_view token) {
  return member(post("/api/rooms", token, object("name", name)), "\"id\":", ",}");
}

std::string ChatApi::post(std::string_view path, std::string_view token, std::string_view body) {
  std::string request("POST ");
  request.append(path).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n");
  if (!token.empty()) request.append("Authorization: Bearer ").append(token).append("\r\n");
  request.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  answer_.clear();
  connection_.request(std::move(request));
  drain(loop_, [this] { return !answer_.empty() || !failure_.empty(); });
  if (answer_.empty())
    throw std::runtime_error("the chat does not answer POST " + std::string(path) + " as it should: " +
                             (failure_.empty() ? "nothing within ten seconds" : failure_));
  return answer_;
}

}  // namespace load
