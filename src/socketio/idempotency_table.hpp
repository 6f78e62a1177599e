#pragma once

/// \file
/// Which keys are claimed or answered, for how long, and which answers go when there are too many. A plain
/// class: the time is given. Belongs to one thread.

#include <aerie/core/clock.hpp>
#include <aerie/core/keyed_hash.hpp>
#include <aerie/socketio/idempotency_store.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

class IdempotencyTable {
 public:
  using Claim = IdempotencyStore::Claim;
  using Found = IdempotencyStore::Found;

  IdempotencyTable(std::size_t max_answers, std::size_t max_bytes)
      : max_answers_(max_answers), max_bytes_(max_bytes) {}

  // As IdempotencyStore's.
  Claim claim(std::string_view key, std::string_view owner, core::TimePoint now, core::Milliseconds lease);
  bool keep(std::string_view key, std::string_view owner, std::string answer, core::TimePoint now,
            core::Milliseconds time);
  void release(std::string_view key, std::string_view owner);

  /// What is over by then goes.
  void expire(core::TimePoint now);
  /// When something is over next.
  std::optional<core::TimePoint> next_expiry() const;

  std::size_t size() const noexcept { return entries_.size(); }
  std::size_t answers() const noexcept { return answers_.size(); }
  /// About what it holds, claims included.
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  struct Entry;
  using Entries = std::unordered_map<std::string, Entry, core::KeyedHash, std::equal_to<>>;
  // By the time when they are over. Claims are apart, as they do not go before it.
  using Order = std::multimap<core::TimePoint, std::string const*>;
  struct Entry {
    bool answered = false;
    /// The owner of a claim, or the answer.
    std::string text;
    Order::iterator place{};
  };

  Order& order_of(Entry const& entry) noexcept { return entry.answered ? answers_ : claims_; }
  void remove(Entries::iterator at);
  void remove_first(Order& order);
  static std::size_t size_of(std::string const& key, Entry const& entry) noexcept;

  std::size_t max_answers_;
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  Entries entries_;
  Order answers_;
  Order claims_;
};

}}}  // namespace aerie::v1::socketio
