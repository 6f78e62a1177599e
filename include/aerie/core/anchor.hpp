#pragma once

/// \file
/// The one rule of lifetime for what comes later: whoever posts, waits or hands out a handle has an anchor.
/// Its owner cuts it, and what arrives afterwards does nothing.

#include <aerie/core/api.hpp>
#include <aerie/core/function.hpp>
#include <aerie/core/mailbox.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

class Anchor;
class Shard;

/// The far end of an anchor: to be copied, kept for ever and used on any thread, also when the owner, its
/// server and its runtime are gone. An empty one is that of an owner who is gone.
class AERIE_API AnchorRef {
 public:
  AnchorRef() noexcept = default;

  /// Runs `work` in a turn of the owner's shard, if the owner is still there then. False if it is certain now
  /// that it never will.
  bool post(UniqueFunction<void()> work) const;
  /// As `post`, for producers that could be faster than the shard: false also if too much waits already, see
  /// `Mailbox::try_post`.
  bool try_post(std::size_t bytes, UniqueFunction<void()> work) const;
  /// The owner's shard, if the caller is in its turn and the owner is there; else null.
  Shard* here() const noexcept;
  /// Does `work` now if this is a turn of the owner's shard, else posts it.
  template <class F>
  bool run(F&& work) const {
    if (here() == nullptr) return post(std::forward<F>(work));
    std::forward<F>(work)();
    return true;
  }

 private:
  friend class Anchor;
  std::shared_ptr<Mailbox> mailbox() const;
  std::shared_ptr<Anchored> anchored_;
};

/// A member of the owner. Costs nothing before the first `ref`. Belongs to the owner's shard; where no shard
/// runs, it may be destroyed on any thread.
class AERIE_API Anchor {
 public:
  explicit Anchor(Shard& shard) noexcept : shard_(&shard) {}
  ~Anchor() { cut(); }
  Anchor(Anchor const&) = delete;
  Anchor& operator=(Anchor const&) = delete;

  AnchorRef ref();
  /// From now on nothing comes any more; what is under way is dropped when it arrives.
  void cut() noexcept;
  /// The owner goes on on another shard. What is under way follows it there.
  void move_to(Shard& shard);
  Shard& shard() const noexcept { return *shard_; }

 private:
  Shard* shard_;
  AnchorRef far_end_;
  bool cut_ = false;
};

}}}  // namespace aerie::v1::core
