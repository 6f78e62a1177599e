#pragma once

/// \file
/// A long-polling client that a test drives request by request.

#include "unit/support/server_on_a_clock.hpp"

#include <string>
#include <string_view>

namespace aerie::test {

/// The session's id in a handshake packet; empty if there is none.
inline std::string sid_in(std::string_view handshake) {
  static constexpr std::string_view key = "\"sid\":\"";
  auto const begin = handshake.find(key);
  if (begin == handshake.npos) return "";
  auto const id = handshake.substr(begin + key.size());
  return std::string(id.substr(0, id.find('"')));
}

class PollingClient {
 public:
  /// Polls and posts on one connection each, which a server may have on any shard.
  explicit PollingClient(ServerOnAClock& server, std::string path = "/engine.io/", std::size_t shard = 0)
      : server_(server),
        path_(std::move(path)),
        shard_(shard),
        polls(server.connect(shard)),
        posts(server.connect(shard)) {}

  /// Opens a session; the answer's body.
  std::string open(std::string_view more_query = "", std::string_view headers = "") {
    polls.write(get_request(target_of("polling") + std::string(more_query), headers));
    server_.run();
    opened = answer();
    sid = sid_in(opened.body);
    return opened.body;
  }
  std::string target(std::string_view transport = "polling") const {
    return target_of(transport) + "&sid=" + sid;
  }

  void begin_poll(std::string_view headers = "") {
    polls.write(get_request(target(), headers));
    server_.run();
  }
  /// What has come back; status 0 if the poll is still pending.
  Answer answer() {
    received_ += polls.take();
    return take_answer(received_);
  }
  /// A poll whose answer is expected at once: its body, or what went wrong.
  std::string poll() {
    begin_poll();
    return body_of(answer());
  }
  /// The body of the poll that was begun before.
  std::string polled() { return body_of(answer()); }

  Answer post(std::string_view body, std::string_view content_type = "text/plain;charset=UTF-8") {
    if (posts.ended()) posts = server_.connect(shard_);  // it was idle for too long
    posts.write(post_request(target(), body, content_type));
    server_.run();
    auto bytes = posts.take();
    return take_answer(bytes);
  }

  /// The version of Engine.IO that it says it speaks. What a test says in it is in that version's words.
  std::string version = "4";

 private:
  std::string target_of(std::string_view transport) const {
    return path_ + "?EIO=" + version + "&transport=" + std::string(transport);
  }
  static std::string body_of(Answer const& answer) {
    if (answer.status == 0) return "(pending)";
    return answer.status == 200 ? answer.body : "(status " + std::to_string(answer.status) + ")";
  }

  ServerOnAClock& server_;
  std::string path_;
  std::size_t shard_;
  std::string received_;

 public:
  core::MemoryClient polls;
  core::MemoryClient posts;
  Answer opened;
  std::string sid;
};

}  // namespace aerie::test
