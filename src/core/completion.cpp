#include <aerie/core/completion.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace core {

NeverCompleted::NeverCompleted()
    : std::logic_error("aerie: what this task waited for was given up without an answer") {}

bool CompletionState::attach(Waiter& waiter, Shard& shard) {
  mailbox_ = shard.mailbox().shared_from_this();
  shard_ = &shard;
  waiter_ = &waiter;
  auto expected = Phase::empty;
  if (phase_.compare_exchange_strong(expected, Phase::waiting, std::memory_order_acq_rel)) return true;
  if (!given_by(&shard)) {
    resume_later();
    return true;
  }
  waiter_ = nullptr;
  waiter.unlink();
  return false;
}

void CompletionState::resume_later() {
  auto resume = [state = shared_from_this()] {
    if (state->waiter_ != nullptr) state->waiter_->resume();
  };
  if (publisher_ == nullptr) {
    mailbox_->post(std::move(resume));
    return;
  }
  // What the publisher's turn has for this shard is passed on at its end: this goes the same way behind it.
  publisher_->post([to = mailbox_, resume = std::move(resume)]() mutable { to->post(std::move(resume)); });
}

void CompletionState::detach() noexcept {
  waiter_ = nullptr;
  // A completer that comes later has nobody to tell, and does not ask for a shard that may have gone.
  auto expected = Phase::waiting;
  phase_.compare_exchange_strong(expected, Phase::empty, std::memory_order_acq_rel);
}

void CompletionState::publish(std::shared_ptr<CompletionState> const& state) {
  if (auto* const shard = Shard::current()) state->publisher_ = shard->mailbox().shared_from_this();
  if (state->phase_.exchange(Phase::ready, std::memory_order_acq_rel) != Phase::waiting) return;
  if (Shard::current() == state->shard_) {
    state->waiter_->wake();
    return;
  }
  state->mailbox_->post([state] {
    if (state->waiter_ != nullptr) state->waiter_->resume();
  });
}

}}}  // namespace aerie::v1::core
