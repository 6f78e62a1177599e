#pragma once

/// \file
/// A connection to Redis over which scripts are run that do their work in one step.

#include <aerie/core/log.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/redis/client.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace cluster {

/// `who` says in the log that Redis cannot be reached: "the idempotency store".
inline redis::ClientOptions script_client(redis::ClientOptions client, std::string url, Logger const& log,
                                          std::string_view who) {
  client.url = std::move(url);
  client.on_state = [&log, who](redis::StateChange const& change) {
    if (change.state == redis::State::degraded) log.warning("redis", core::concat(who, ": ", change.reason));
  };
  return client;
}

/// Belongs to the first shard.
class ScriptConnection {
 public:
  ScriptConnection(core::Shard& home, redis::ClientOptions options) : client_(home, std::move(options)) {}

  void open() {
    if (std::exchange(opened_, true)) return;
    client_.open();
  }
  /// The first word is the key, KEYS[1]; the others are ARGV.
  void run(std::string_view script, std::vector<std::string> const& words, redis::Client::OnAnswer done) {
    open();
    std::vector<std::string_view> args{"EVAL", script, "1"};
    args.insert(args.end(), words.begin(), words.end());
    client_.command(args, std::move(done), {.key = words.front()});
  }

 private:
  redis::Client client_;
  bool opened_ = false;
};

}}}  // namespace aerie::v1::cluster
