#pragma once

/// \file
/// What is posted to a shard from other threads, and how it is woken. It outlives its shard: whoever may want
/// to post at any time keeps the mailbox (or an anchor's end, which does), never the shard.

#include <aerie/core/api.hpp>
#include <aerie/core/function.hpp>
#include <aerie/core/wake_event.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

class Runtime;

namespace core {

class Mailbox;
class Shard;

/// Whom posted work is for, as both ends of an anchor and the mailboxes see it.
struct Anchored {
  std::mutex mutex;
  std::shared_ptr<Mailbox> mailbox;    // guarded by the mutex: the owner may move
  std::atomic<Mailbox const*> home{};  // the same, to be compared without it
  std::atomic<bool> cut{false};        // set on the owner's shard, where it counts
};

/// Thread contract: `post`, `try_post`, `waiting…` and `wake` from any thread, for ever; `wake` from a signal
/// handler, too. The rest is the shard's.
class AERIE_API Mailbox : public std::enable_shared_from_this<Mailbox> {
 public:
  using Work = UniqueFunction<void()>;
  using Owner = std::shared_ptr<Anchored>;

  /// `limit`: bytes that producers outside the runtime's own turns may have waiting, see `try_post`. Throws
  /// std::system_error if there is no descriptor left.
  Mailbox(Shard& shard, Runtime const& runtime, std::size_t limit);
  Mailbox(Mailbox const&) = delete;
  Mailbox& operator=(Mailbox const&) = delete;

  /// Runs `work` in a later turn of the shard, in the order of posting; if it has an owner, only if that is
  /// still there then. False if the shard is gone: `work` is then destroyed, here. What a turn of another
  /// shard of the runtime posts is passed on at the end of that turn, all at once: what came in one read is
  /// then handled in one turn, and leaves in one write, there too.
  bool post(Work work, Owner owner = {});
  /// As `post`, for work that holds about `bytes` and comes from producers that could be faster than the
  /// shard. False also if more than the limit is waiting already; a single work of any size always fits.
  /// Turns of the runtime itself are not bounded here: they cannot wait, and are slowed down by their own
  /// connections.
  bool try_post(std::size_t bytes, Work work, Owner owner = {});

  /// Works that wait or are being done, and the bytes of them that `try_post` was told of.
  std::size_t waiting() const;
  std::size_t waiting_bytes() const noexcept { return waiting_bytes_.load(std::memory_order_relaxed); }
  /// True while `try_post` refuses producers outside the runtime.
  bool full() const noexcept { return waiting_bytes() > limit_; }

  /// Ends the shard's wait. Async-signal-safe.
  void wake() noexcept;

 private:
  friend class Shard;
  friend class Turn;
  struct Letter {
    Letter(Work&& what, Owner&& whose, std::size_t size) noexcept
        : work(std::move(what)), owner(std::move(whose)), bytes(size) {}

    Work work;
    Owner owner;
    std::size_t bytes;

    /// True if `work` is to be called now. What is for an owner who has moved follows it; what is for one who
    /// is gone is over.
    bool has_arrived(Mailbox& at) { return !owner || has_come_to_owner(at); }

   private:
    bool has_come_to_owner(Mailbox& at);
  };

  bool deliver(Work&& work, Owner&& owner, std::size_t bytes, std::size_t most_waiting);
  /// Adds what a turn of another shard has for this one, and leaves the vector empty.
  void take_over(std::vector<Letter>& letters);
  int descriptor() const noexcept { return event_.descriptor(); }
  bool pending() const noexcept { return pending_.load(std::memory_order_acquire); }
  void empty_event() noexcept { event_.empty(); }
  /// Between the two the shard waits, or is about to: even its own thread, in a signal handler, needs the
  /// event.
  void before_wait() noexcept {
    asleep_.store(true, std::memory_order_relaxed);
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  void after_wait() noexcept { asleep_.store(false, std::memory_order_relaxed); }
  /// Puts what is there now into `letters`, which is empty; to be given back to `done`, which counts it as
  /// gone.
  void take(std::vector<Letter>& letters);
  void done(std::vector<Letter>& letters) noexcept;
  /// Destroys what waits; true if there was anything.
  bool discard();
  /// The shard goes: from now on nothing is taken.
  void close();

  Shard const* shard_;  // to be compared only
  Runtime const* runtime_;
  std::size_t limit_;
  WakeEvent event_;
  std::atomic<bool> pending_{false};
  std::atomic<bool> asleep_{false};
  std::atomic<std::size_t> taken_{0};  // written on the shard's thread only
  std::atomic<std::size_t> waiting_bytes_{0};
  mutable std::mutex mutex_;
  bool closed_ = false;
  std::vector<Letter> letters_;
};

}  // namespace core
}}  // namespace aerie::v1
