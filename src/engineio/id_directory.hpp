#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace engineio {

/// Where sessions live whose ids their user has made: such an id does not tell its shard. Thread-safe.
class IdDirectory {
 public:
  /// False if the id is in use.
  bool claim(std::string_view id, std::uint16_t shard) {
    std::scoped_lock const lock(mutex_);
    return shards_.emplace(id, shard).second;
  }
  void release(std::string_view id) {
    std::scoped_lock const lock(mutex_);
    if (auto const found = shards_.find(id); found != shards_.end()) shards_.erase(found);
  }
  std::optional<std::uint16_t> find(std::string_view id) const {
    std::scoped_lock const lock(mutex_);
    auto const found = shards_.find(id);
    return found == shards_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::mutex mutable mutex_;
  std::map<std::string, std::uint16_t, std::less<>> shards_;
};

}}}  // namespace aerie::v1::engineio
