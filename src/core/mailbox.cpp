#include <aerie/core/mailbox.hpp>
#include <aerie/core/shard.hpp>

#include <cerrno>
#include <iterator>
#include <limits>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

namespace {

/// The event takes every signal. Should one fail for a passing reason, the shard is told all the same.
constexpr int wake_attempts = 16;

}  // namespace

Mailbox::Mailbox(Shard& shard, Runtime const& runtime, std::size_t limit)
    : shard_(&shard), runtime_(&runtime), limit_(limit) {}

bool Mailbox::post(Work work, Owner owner) {
  return deliver(std::move(work), std::move(owner), 0, std::numeric_limits<std::size_t>::max());
}

bool Mailbox::try_post(std::size_t bytes, Work work, Owner owner) {
  return deliver(std::move(work), std::move(owner), bytes, limit_);
}

bool Mailbox::deliver(Work&& work, Owner&& owner, std::size_t bytes, std::size_t most_waiting) {
  auto* const poster = Shard::current();
  if (poster != nullptr && poster != shard_ && &poster->runtime() == runtime_) {
    poster->at_end().pass_on(*this, Letter(std::move(work), std::move(owner), bytes));
    return true;
  }
  {
    std::scoped_lock const lock(mutex_);
    // The own shard cannot wait for itself.
    if (closed_ || (waiting_bytes_ > most_waiting && poster != shard_)) return false;
    if (bytes != 0) waiting_bytes_ += bytes;
    letters_.emplace_back(std::move(work), std::move(owner), bytes);
  }
  wake();
  return true;
}

void Mailbox::take_over(std::vector<Letter>& letters) {
  {
    std::scoped_lock const lock(mutex_);
    if (!closed_) {
      for (auto& letter : letters) {
        waiting_bytes_ += letter.bytes;
        letters_.push_back(std::move(letter));
      }
    }
  }
  letters.clear();
  wake();
}

void Mailbox::wake() noexcept {
  if (pending_.exchange(true, std::memory_order_acq_rel)) return;
  // In its own turn the shard looks for posted work before it waits: no system call is needed.
  if (Shard::current() == shard_ && !asleep_.load(std::memory_order_relaxed)) return;
  auto const error_of_caller = errno;  // who may be a signal handler
  auto told = false;
  for (int attempt = 0; attempt < wake_attempts && !told; ++attempt)
    told = event_.signal();
  errno = error_of_caller;
  // Then whoever wakes it next has to try again.
  if (!told) pending_.store(false, std::memory_order_release);
}

std::size_t Mailbox::waiting() const {
  std::scoped_lock const lock(mutex_);
  return letters_.size() + taken_.load(std::memory_order_relaxed);
}

void Mailbox::take(std::vector<Letter>& letters) {
  if (!pending_.exchange(false, std::memory_order_acq_rel)) return;
  std::scoped_lock const lock(mutex_);
  letters.swap(letters_);
  taken_.store(taken_.load(std::memory_order_relaxed) + letters.size(), std::memory_order_relaxed);
}

bool Mailbox::Letter::has_come_to_owner(Mailbox& at) {
  if (owner->cut.load(std::memory_order_relaxed)) return false;
  if (owner->home.load(std::memory_order_relaxed) == &at) return true;
  std::shared_ptr<Mailbox> moved_to;
  {
    std::scoped_lock const lock(owner->mutex);
    moved_to = owner->mailbox;
  }
  moved_to->post(std::move(work), std::move(owner));
  return false;
}

void Mailbox::done(std::vector<Letter>& letters) noexcept {
  taken_.store(taken_.load(std::memory_order_relaxed) - letters.size(), std::memory_order_relaxed);
  std::size_t bytes = 0;
  for (auto const& letter : letters)
    bytes += letter.bytes;
  if (bytes != 0) waiting_bytes_ -= bytes;
  letters.clear();
}

bool Mailbox::discard() {
  std::vector<Letter> letters;
  {
    std::scoped_lock const lock(mutex_);
    letters.swap(letters_);
    taken_.store(taken_.load(std::memory_order_relaxed) + letters.size(), std::memory_order_relaxed);
  }
  auto const anything = !letters.empty();
  done(letters);
  return anything;
}

void Mailbox::close() {
  {
    std::scoped_lock const lock(mutex_);
    closed_ = true;
  }
  discard();
}

}}}  // namespace aerie::v1::core
