#include "core/joint_sender.hpp"

#include <aerie/core/burst.hpp>
#include <aerie/core/stream.hpp>
#include <aerie/core/turn.hpp>
#include <aerie/core/user_code.hpp>

#include <algorithm>
#include <new>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

namespace {

/// Visits what is in `queue` now; what is added meanwhile stays for the next time.
template <class T, class Visit>
void drain(std::vector<T>& queue, std::vector<T>& spare, Visit visit) {
  auto items = std::exchange(spare, {});
  items.swap(queue);
  for (auto const& item : items)
    visit(item);
  items.clear();
  spare.swap(items);
}

constexpr std::size_t always_room = 64;

/// Fewer streams send as cheaply by themselves.
std::size_t worth_joining() noexcept {
  return ring_for_every_runtime ? 1 : 8;
}

/// Fails in silence: the room that there is lasts until the next attempt, or for so many failures.
template <class T>
void keep_room(std::vector<T>& queue) noexcept {
  if (queue.capacity() - queue.size() >= always_room) return;
  try {
    queue.reserve(2 * queue.capacity() + always_room);
  } catch (std::bad_alloc const&) {
  }
}

}  // namespace

Turn::Turn(Mailbox& mailbox, Logger const& log) : mailbox_(mailbox), log_(log) {
  keep_room(retired_);
  keep_room(retired_spare_);
  keep_room(kept_);
  keep_room(kept_spare_);
}

Turn::~Turn() = default;

void Turn::send_by(std::unique_ptr<JointSender> sender) noexcept {
  sender_ = std::move(sender);
}

void Turn::run_soon(Runnable& work) noexcept {
  runnables_.push_back(work);
  outside_turn_work();
}

void Turn::at_end(TurnEnd& work) {
  if (work.scheduled_) return;
  turn_ends_.push_back(&work);
  work.scheduled_ = true;
  outside_turn_work();
}

void Turn::retire(void* object, void (*destroy)(void*)) noexcept {
  outside_turn_work();
  retired_.push_back({object, destroy});
  keep_room(retired_);
}

void Turn::retire(std::shared_ptr<void> object) noexcept {
  outside_turn_work();
  kept_.push_back(std::move(object));
  keep_room(kept_);
}

void Turn::pass_on(Mailbox& to, Mailbox::Letter letter) {
  auto found = std::ranges::find(passed_, &to, &Passed::to);
  if (found == passed_.end()) found = passed_.insert(found, {&to, {}});
  found->letters.push_back(std::move(letter));
  passing_ = true;
}

void Turn::pass_on() {
  if (!std::exchange(passing_, false)) return;
  for (auto& [to, letters] : passed_) {
    if (!letters.empty()) to->take_over(letters);
  }
}

void Turn::adopt(std::unique_ptr<Adopted> object) {
  object->place_ = adopted_.size();
  adopted_.push_back(std::move(object));
}

void Turn::dismiss(Adopted& object) {
  auto const place = object.place_;
  if (place >= adopted_.size() || adopted_[place].get() != &object) return;
  retire(adopted_[place].release(), [](void* raw) { delete static_cast<Adopted*>(raw); });
  if (place + 1 != adopted_.size()) {
    adopted_[place] = std::move(adopted_.back());
    adopted_[place]->place_ = place;
  }
  adopted_.pop_back();
}

void Turn::run_letters() {
  auto letters = std::exchange(letters_spare_, {});
  mailbox_.take(letters);
  for (auto& letter : letters) {
    if (letter.has_arrived(mailbox_)) call_user(log_, {"core", "posted work"}, letter.work);
  }
  mailbox_.done(letters);
  letters_spare_.swap(letters);
}

void Turn::run_linked() {
  // Only what is there now: what these ask for in their turn must not keep the connections waiting.
  LinkedList<Runnable> due;
  due.take(runnables_);
  while (!due.empty()) {
    auto& work = due.front();
    work.unlink();
    call_user(log_, {"core", "work of the event loop"}, [&] { work.run(); });
  }
}

/// Sends ahead what `Stream::flush` finds sent then. Nothing of the users runs meanwhile, so all streams stay
/// what they are.
void Turn::send_jointly() noexcept {
  auto const send = [this] {
    for (auto const& [stream, bytes] : sender_->send())
      stream->taken(bytes);
  };
  for (auto* const stream : dirty_) {
    stream->offer(*sender_);
    if (sender_->full()) send();
  }
  send();
}

void Turn::finish() {
  while (!turn_ends_.empty() || !dirty_.empty() || passing_) {
    while (!turn_ends_.empty()) {
      drain(turn_ends_, turn_ends_spare_, [this](TurnEnd* work) {
        work->scheduled_ = false;
        call_user(log_, {"core", "the end of a turn"}, [&] { work->on_turn_end(); });
      });
    }
    // Others first: they work in parallel while this shard writes.
    pass_on();
    close_bursts();
    if (sender_ && dirty_.size() >= worth_joining()) send_jointly();
    drain(dirty_, dirty_spare_, [this](Stream* stream) {
      stream->dirty_ = false;
      try {
        stream->flush();
      } catch (...) {
        end_connection(*stream);
      }
    });
  }
  close_bursts();
  if (!retired_.empty())
    drain(retired_, retired_spare_, [](Retired const& retired) { retired.destroy(retired.object); });
  if (!kept_.empty()) drain(kept_, kept_spare_, [](std::shared_ptr<void> const&) {});
}

void Turn::end_connection(Stream& stream) noexcept {
  report_exception(log_, {"core", "a connection's turn to write"});
  call_user(log_, {"core", "the end of a connection"}, [&] { stream.on_failure(); });
}

void Turn::close_open_bursts() {
  for (auto* burst : std::exchange(bursts_, {}))
    burst->close();
}

bool Turn::clear() {
  bool anything = false;
  // Destroying one thing may post, retire or let go of another.
  while (true) {
    auto const posted = mailbox_.discard();
    auto const adopted = std::exchange(adopted_, {});
    auto const retired = std::exchange(retired_, {});
    auto const kept = std::exchange(kept_, {});
    auto const passed = std::exchange(passed_, {});
    turn_ends_.clear();
    dirty_.clear();
    passing_ = false;
    if (!posted && adopted.empty() && retired.empty() && kept.empty() && passed.empty()) return anything;
    anything = true;
    for (auto const& [object, destroy] : retired)
      destroy(object);
    keep_room(retired_);
    keep_room(kept_);
  }
}

}}}  // namespace aerie::v1::core
