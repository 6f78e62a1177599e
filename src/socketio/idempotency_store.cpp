#include "socketio/idempotency_table.hpp"

#include <aerie/core/completion.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/socketio/idempotency_store.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace aerie { inline namespace v1 {

namespace {

MemoryIdempotencyOptions checked(MemoryIdempotencyOptions options) {
  if (options.max_answers == 0 || options.max_bytes == 0) {
    throw std::invalid_argument(
        "aerie: MemoryIdempotencyOptions::max_answers or max_bytes is 0, so that no answer would be kept; "
        "set them to more, 100000 and 16 MiB are usual");
  }
  return options;
}

}  // namespace

/// The table and the timer that empties it.
class MemoryIdempotencyStore::Table {
 public:
  Table(core::Shard& home, MemoryIdempotencyOptions options)
      : home_(home), table_(options.max_answers, options.max_bytes), charge_(home.account(), 0) {}

  socketio::IdempotencyTable& used() {
    table_.expire(home_.now());
    return table_;
  }
  /// After each change.
  void changed() {
    charge_.resize(table_.bytes());
    auto const next = table_.next_expiry();
    if (!next || sweep_.pending()) return;
    // Once a second is often enough: whoever asks looks at the time as well.
    auto const wait = std::chrono::ceil<core::Milliseconds>(*next - home_.now());
    home_.start(sweep_, std::max(wait, core::Milliseconds{1000}));
  }
  core::TimePoint now() const { return home_.now(); }
  socketio::IdempotencyTable const& table() const { return table_; }

 private:
  void sweep() {
    table_.expire(home_.now());
    changed();
  }

  core::Shard& home_;
  socketio::IdempotencyTable table_;
  core::Charge charge_;
  core::Timer sweep_ = core::Timer::calling<&Table::sweep>(this);
};

MemoryIdempotencyStore::MemoryIdempotencyStore(Runtime& runtime, MemoryIdempotencyOptions options)
    : table_(std::make_unique<Table>(runtime.shard(0), checked(options))),
      anchor_(runtime.shard(0)),
      home_(anchor_.ref()) {}

MemoryIdempotencyStore::~MemoryIdempotencyStore() = default;

Task<IdempotencyStore::Claim> MemoryIdempotencyStore::claim(std::string key, std::string owner,
                                                            core::Milliseconds lease) {
  core::Completion<Claim> claimed;
  home_.run(
      [this, key = std::move(key), owner = std::move(owner), lease, give = claimed.completer()]() mutable {
        auto found = table_->used().claim(key, owner, table_->now(), lease);
        table_->changed();
        give(std::move(found));
      });
  co_return co_await claimed;
}

Task<bool> MemoryIdempotencyStore::keep(std::string key, std::string owner, std::string answer,
                                        core::Milliseconds time) {
  core::Completion<bool> kept;
  home_.run([this, key = std::move(key), owner = std::move(owner), answer = std::move(answer), time,
             give = kept.completer()]() mutable {
    auto const is_kept = table_->used().keep(key, owner, std::move(answer), table_->now(), time);
    table_->changed();
    give(is_kept);
  });
  co_return co_await kept;
}

void MemoryIdempotencyStore::release(std::string key, std::string owner) noexcept {
  home_.run([this, key = std::move(key), owner = std::move(owner)] {
    table_->used().release(key, owner);
    table_->changed();
  });
}

std::size_t MemoryIdempotencyStore::answers() const noexcept {
  return table_->table().answers();
}

}}  // namespace aerie::v1
