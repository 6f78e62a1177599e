#pragma once

/// \file
/// Where it is kept which messages have been handled, and what was answered to them, so that a message that a
/// client sends again is not handled again. See docs/idempotency.md.

#include <aerie/core/anchor.hpp>
#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/owned.hpp>
#include <aerie/core/task.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace aerie { inline namespace v1 {

class Runtime;

/// Keeps an answer for each key. Keys, owners and answers are any bytes; keys have at most a few hundred.
/// An application implements it to keep answers in its own database, best in the transaction of what the
/// handler writes. Any thread; an exception means that it is not known what has become of it.
class AERIE_API IdempotencyStore {
 public:
  /// What stands at a key.
  enum class Found : std::uint8_t {
    nothing,    ///< The key was free. It is the caller's now.
    claim,      ///< Somebody else has it, and has not answered yet.
    an_answer,  ///< It has been answered.
  };
  /// What asking for a key has come to.
  struct Claim {
    /// What stood there.
    Found found = Found::nothing;
    /// If there is one.
    std::string answer = {};
  };

  virtual ~IdempotencyStore() = default;

  /// Gives the key to `owner`, in one step, unless somebody has it. A claim ends after `lease` by itself: who
  /// has made it may have been killed. One that `owner` has already is given again.
  virtual Task<Claim> claim(std::string key, std::string owner, core::Milliseconds lease) = 0;

  /// The answer to the key, kept for `time`. False if it is not: the claim has ended, and somebody else has
  /// made one since or has answered, or it is more than the store can hold.
  virtual Task<bool> keep(std::string key, std::string owner, std::string answer,
                          core::Milliseconds time) = 0;

  /// Gives a claim back, without waiting for that: whoever asks next may have the key. Does nothing if it is
  /// not the owner's.
  virtual void release(std::string key, std::string owner) noexcept = 0;
};

/// What a store in memory may hold.
struct MemoryIdempotencyOptions {
  /// Answers that are kept. Where there are more, those go first whose time is over first. At least 1.
  std::size_t max_answers = 100'000;
  /// Bytes of the answers and their keys, alike.
  std::size_t max_bytes = std::size_t{16} << 20U;
};

/// Keeps answers in the memory of this process: they end with it, and another server does not know of them.
/// What it holds counts for the memory of the runtime (`RuntimeOptions::memory_limit`).
class AERIE_API MemoryIdempotencyStore final : public IdempotencyStore {
 public:
  /// Throws std::invalid_argument for impossible options.
  explicit MemoryIdempotencyStore(Runtime& runtime, MemoryIdempotencyOptions options = {});
  ~MemoryIdempotencyStore() override;

  Task<Claim> claim(std::string key, std::string owner, core::Milliseconds lease) override;
  Task<bool> keep(std::string key, std::string owner, std::string answer, core::Milliseconds time) override;
  void release(std::string key, std::string owner) noexcept override;

  /// Answers that are kept at present. On the runtime's first shard, or while it does not run.
  std::size_t answers() const noexcept;

 private:
  class Table;
  // On the first shard, whose account it charges; everybody else posts.
  core::Owned<Table> table_;
  core::Anchor anchor_;
  core::AnchorRef home_;
};

}}  // namespace aerie::v1
