#include <aerie/core/anchor.hpp>
#include <aerie/core/shard.hpp>

namespace aerie { inline namespace v1 { namespace core {

std::shared_ptr<Mailbox> AnchorRef::mailbox() const {
  if (!anchored_ || anchored_->cut.load(std::memory_order_relaxed)) return nullptr;
  std::scoped_lock const lock(anchored_->mutex);
  return anchored_->mailbox;
}

bool AnchorRef::post(UniqueFunction<void()> work) const {
  auto const to = mailbox();
  return to && to->post(std::move(work), anchored_);
}

bool AnchorRef::try_post(std::size_t bytes, UniqueFunction<void()> work) const {
  auto const to = mailbox();
  return to && to->try_post(bytes, std::move(work), anchored_);
}

Shard* AnchorRef::here() const noexcept {
  auto* const shard = Shard::current();
  if (shard == nullptr || !anchored_ || anchored_->cut.load(std::memory_order_relaxed)) return nullptr;
  return anchored_->home.load(std::memory_order_relaxed) == &shard->mailbox() ? shard : nullptr;
}

AnchorRef Anchor::ref() {
  if (!far_end_.anchored_) {
    if (cut_) return {};
    far_end_.anchored_ = std::make_shared<Anchored>();
    far_end_.anchored_->mailbox = shard_->mailbox().shared_from_this();
    far_end_.anchored_->home = &shard_->mailbox();
  }
  return far_end_;
}

void Anchor::cut() noexcept {
  cut_ = true;
  if (far_end_.anchored_) far_end_.anchored_->cut.store(true, std::memory_order_relaxed);
}

void Anchor::move_to(Shard& shard) {
  shard_ = &shard;
  if (!far_end_.anchored_) return;
  auto& anchored = *far_end_.anchored_;
  std::scoped_lock const lock(anchored.mutex);
  anchored.mailbox = shard.mailbox().shared_from_this();
  anchored.home = anchored.mailbox.get();
}

}}}  // namespace aerie::v1::core
