#pragma once

/// \file
/// An emitter's connection, and how its operators reach it from any thread.

#include <aerie/core/anchor.hpp>
#include <aerie/core/function.hpp>
#include <aerie/emitter/emitter.hpp>
#include <aerie/redis/client.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace aerie { inline namespace v1 { namespace cluster {

/// Outlives its emitter, as long as an operator is left, and does nothing then. `open` and `close` are the
/// emitter's; everything else is allowed on any thread.
class EmitterState {
 public:
  EmitterState(Runtime& runtime, EmitterOptions options);

  void open();
  void close();

  std::string const& key() const noexcept { return key_; }
  emitter::Spelling const& spelling() const noexcept { return spelling_; }
  /// False if it is not sent.
  bool publish(std::string channel, std::string payload);
  /// Calls `done` with `lost()` when Redis has all that was published before, or it is lost.
  void flush(UniqueFunction<void(std::uint64_t)> done);

  void count_lost() noexcept { lost_.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

 private:
  std::string key_;
  emitter::Spelling spelling_;
  std::atomic<std::uint64_t> lost_{0};
  core::AnchorRef far_end_;
  // Of the first shard; the client is gone with the emitter.
  emitter::Signer signer_;
  std::unique_ptr<redis::Client> redis_;
  core::Anchor anchor_;
};

}}}  // namespace aerie::v1::cluster
