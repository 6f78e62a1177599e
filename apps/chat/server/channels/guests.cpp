#include "channels/guests.hpp"

#include "random_bytes.hpp"

#include <aerie/core/hex.hpp>
#include <aerie/schema/codec.hpp>

#include <utility>
#include <vector>

namespace chat {

namespace {

constexpr std::string_view channels = "/channel-";

std::string made_up_name() {
  return "guest-" + aerie::core::hex(random_bytes(3));
}

}  // namespace

Guests::Guests(Census& census) : census_(census) {
  census.add_family(
      std::string(channels),
      [this](std::string_view key) {
        std::scoped_lock const lock(mutex_);
        auto const found = channels_.find(std::string(key));
        return found == channels_.end() ? aerie::Value(nullptr) : aerie::to_value(found->second);
      },
      [this](std::string const& key) {
        if (changed_) changed_(key);
      });
}

std::string Guests::enter(std::string const& channel) {
  auto const elsewhere = names_elsewhere(channel);
  std::string name;
  {
    std::scoped_lock const lock(mutex_);
    auto& names = channels_[channel];
    do {
      name = made_up_name();
    } while (elsewhere.contains(name) || !names.insert(name).second);
  }
  census_.touch(channel);
  return name;
}

void Guests::leave(std::string const& channel, std::string const& name) {
  {
    std::scoped_lock const lock(mutex_);
    auto const found = channels_.find(channel);
    if (found == channels_.end() || found->second.erase(name) == 0) return;
    if (found->second.empty()) channels_.erase(found);
  }
  census_.touch(channel);
}

std::size_t Guests::count(std::string const& channel) const {
  return count_here(channel) + names_elsewhere(channel).size();
}

std::size_t Guests::count_here(std::string const& channel) const {
  std::scoped_lock const lock(mutex_);
  auto const found = channels_.find(channel);
  return found == channels_.end() ? 0 : found->second.size();
}

Guests::Names Guests::names_elsewhere(std::string const& channel) const {
  Names all;
  for (auto const& word : census_.others(channel)) {
    std::vector<std::string> names;
    // What is not understood is nobody.
    if (aerie::from_value(word, names)) all.insert(names.begin(), names.end());
  }
  return all;
}

}  // namespace chat
