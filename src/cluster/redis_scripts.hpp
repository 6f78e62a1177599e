#pragma once

/// \file
/// Scripts in Redis that do their work in one step: what stores are made of that all servers share.

#include <aerie/core/anchor.hpp>
#include <aerie/core/completion.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/task.hpp>
#include <aerie/redis/client.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace cluster {

/// The connection is on the first shard; any thread may ask. Begins to connect when the runtime runs.
class RedisScripts {
 public:
  /// `who` says in the log and in errors whose it is: "the idempotency store". It has to stay.
  RedisScripts(Runtime& runtime, redis::ClientOptions client, std::string url, std::string_view who)
      : who_(who),
        client_(runtime.shard(0), told(std::move(client), std::move(url), runtime.log(), who)),
        anchor_(runtime.shard(0)),
        home_(anchor_.ref()) {
    home_.post([this] { open(); });
  }

  /// The first word is the key, KEYS[1]; the others are ARGV. Throws std::runtime_error if Redis does not
  /// answer.
  Task<redis::Answer> ask(std::string_view script, std::vector<std::string> words) {
    auto const who = who_;  // This may be gone when nobody answers.
    core::Completion<redis::Answer> answered;
    home_.run([this, script, words = std::move(words), give = answered.completer()]() mutable {
      run(script, words, std::move(give));
    });
    auto answer = co_await answered;
    if (!answer)
      throw std::runtime_error(core::concat("aerie: ", who, " in Redis does not answer: ", answer.why()));
    co_return std::move(answer);
  }
  /// The same, and nobody learns what has come of it.
  void tell(std::string_view script, std::vector<std::string> words) noexcept {
    home_.run([this, script, words = std::move(words)] { run(script, words, {}); });
  }

 private:
  static redis::ClientOptions told(redis::ClientOptions client, std::string url, Logger const& log,
                                   std::string_view who) {
    client.url = std::move(url);
    client.on_state = [&log, who](redis::StateChange const& change) {
      if (change.state == redis::State::degraded)
        log.warning("redis", core::concat(who, ": ", change.reason));
    };
    return client;
  }
  void open() {
    if (std::exchange(opened_, true)) return;
    client_.open();
  }
  void run(std::string_view script, std::vector<std::string> const& words, redis::Client::OnAnswer done) {
    open();
    std::vector<std::string_view> args{"EVAL", script, "1"};
    args.insert(args.end(), words.begin(), words.end());
    client_.command(args, std::move(done), {.key = words.front()});
  }

  std::string_view who_;
  redis::Client client_;
  bool opened_ = false;
  core::Anchor anchor_;
  core::AnchorRef home_;
};

}}}  // namespace aerie::v1::cluster
