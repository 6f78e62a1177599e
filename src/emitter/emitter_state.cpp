#include "emitter/emitter_state.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>

#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace cluster {

namespace {

redis::ClientOptions client_options(EmitterOptions& options) {
  options.client.url = std::move(options.url);
  return std::move(options.client);
}

std::string checked_key(std::string key) {
  if (key.empty())
    throw std::invalid_argument(
        "aerie: key of the emitter is empty: give it the servers' RedisAdapter::key, which usually is "
        "socket.io");
  return key;
}

}  // namespace

EmitterState::EmitterState(Runtime& runtime, EmitterOptions options)
    : key_(checked_key(std::move(options.key))),
      spelling_(std::move(options.parser), runtime.log()),
      signer_(std::move(options.signing), "the emitter"),
      redis_(std::make_unique<redis::Client>(runtime.shard(0), client_options(options))),
      anchor_(runtime.shard(0)) {
  far_end_ = anchor_.ref();
}

void EmitterState::open() {
  far_end_.run([this] { redis_->open(); });
}

void EmitterState::close() {
  anchor_.cut();
  redis_.reset();
}

bool EmitterState::publish(std::string channel, std::string payload) {
  auto const size = channel.size() + payload.size();
  auto send = [this, channel = std::move(channel), payload = std::move(payload)]() mutable {
    auto const now = anchor_.shard().clock().wall();
    redis_->publish(channel, signer_.sign(channel, std::move(payload), now),
                    [this](redis::Answer const& answer) {
                      if (!answer) count_lost();
                    });
  };
  if (far_end_.here() != nullptr) {
    send();
    return true;
  }
  return far_end_.try_post(size, std::move(send));
}

void EmitterState::flush(UniqueFunction<void(std::uint64_t)> done) {
  far_end_.run([this, done = std::move(done)]() mutable {
    redis_->command({"PING"}, [this, done = std::move(done)](redis::Answer const&) mutable { done(lost()); });
  });
}

}}}  // namespace aerie::v1::cluster
