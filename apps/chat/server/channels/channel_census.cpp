#include "channels/channel_census.hpp"

#include <aerie/core/sleep.hpp>
#include <aerie/core/spawn.hpp>

#include <chrono>
#include <cstdint>
#include <utility>

namespace chat {

namespace {

using namespace std::chrono_literals;

constexpr auto delay = 20ms;

}  // namespace

void ChannelCensus::changed(aerie::Namespace& channel) {
  {
    std::scoped_lock const lock(mutex_);
    changed_.insert_or_assign(channel.name(), channel.weak_from_this());
    if (changed_.size() > 1) return;
  }
  aerie::spawn(runtime_, tell_soon());
}

aerie::Task<void> ChannelCensus::tell_soon() {
  co_await aerie::sleep_for(delay);
  std::scoped_lock const lock(mutex_);
  for (auto const& [name, channel] : std::exchange(changed_, {})) {
    if (auto const open = channel.lock()) {
      open->emit("online", static_cast<std::int64_t>(open->socket_count()));
    }
  }
}

}  // namespace chat
