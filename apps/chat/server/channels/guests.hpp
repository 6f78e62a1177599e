#pragma once

/// \file
/// Who is in the anonymous channels, on all instances: names that are made up, each there once. Thread-safe.

#include "cluster/census.hpp"

#include <cstddef>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

namespace chat {

class Guests {
 public:
  /// Told of a channel in which others have come or gone elsewhere.
  using Listener = std::function<void(std::string const& channel)>;
  explicit Guests(Census& census);
  Guests(Guests const&) = delete;
  Guests& operator=(Guests const&) = delete;

  /// For who wants to know; while the program is put together.
  void on_change(Listener changed) { changed_ = std::move(changed); }

  /// Lets somebody in under a new name: "guest-3f9a2c".
  std::string enter(std::string const& channel);
  void leave(std::string const& channel, std::string const& name);

  /// On all instances.
  std::size_t count(std::string const& channel) const;
  /// Through this one.
  std::size_t count_here(std::string const& channel) const;

 private:
  using Names = std::set<std::string, std::less<>>;

  Names names_elsewhere(std::string const& channel) const;

  Census& census_;
  Listener changed_;
  std::mutex mutable mutex_;
  std::unordered_map<std::string, Names> channels_;
};

}  // namespace chat
