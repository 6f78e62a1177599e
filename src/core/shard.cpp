#include <aerie/core/burst.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/stream.hpp>
#include <aerie/core/task_context.hpp>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <system_error>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

namespace {

thread_local Shard* current_shard = nullptr;

// "For ever" and its opposite must not overflow the clock.
constexpr auto longest_delay = std::chrono::years{100};

/// Marks the thread as being in a shard's turn, and the shard as having one.
class InTurn {
 public:
  InTurn(Shard& shard, bool& turning) noexcept
      : previous_(std::exchange(current_shard, &shard)),
        turning_(turning),
        was_turning_(std::exchange(turning, true)) {}
  ~InTurn() {
    turning_ = was_turning_;
    current_shard = previous_;
  }
  InTurn(InTurn const&) = delete;
  InTurn& operator=(InTurn const&) = delete;

 private:
  Shard* previous_;
  bool& turning_;
  bool was_turning_;
};

int checked(int result, char const* what) {
  if (result < 0) throw std::system_error(errno, std::system_category(), what);
  return result;
}

}  // namespace

Shard* Shard::current() noexcept {
  return current_shard;
}

Shard::Shard(Runtime& runtime, std::uint16_t index, Clock const& clock)
    : runtime_(runtime),
      clock_(clock),
      now_(clock.now()),
      timers_(now_),
      index_(index),
      epoll_(checked(epoll_create1(EPOLL_CLOEXEC), "aerie: cannot create an epoll instance")),
      wakeup_(checked(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "aerie: cannot create an eventfd")),
      read_buffer_(std::make_unique_for_overwrite<char[]>(read_buffer_size)),
      tasks_(std::make_unique<TaskContext>(*this)) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  checked(epoll_ctl(epoll_, EPOLL_CTL_ADD, wakeup_, &event), "aerie: cannot watch an eventfd");
}

Shard::~Shard() {
  clear();
  if (alarm_ >= 0) ::close(alarm_);
  ::close(wakeup_);
  ::close(epoll_);
}

bool Shard::clear() {
  InTurn const scope(*this, turning_);
  tasks_->abandon();
  bool anything = false;
  // Destroying one thing may post, retire or let go of another.
  while (true) {
    std::vector<UniqueFunction<void()>> posted;
    {
      std::scoped_lock const lock(mutex_);
      posted.swap(posted_);
    }
    auto const adopted = std::exchange(adopted_, {});
    auto const retired = std::exchange(retired_, {});
    auto const passed = std::exchange(passed_, {});
    turn_ends_.clear();
    dirty_.clear();
    passing_ = false;
    if (posted.empty() && adopted.empty() && retired.empty() && passed.empty()) return anything;
    anything = true;
    for (auto const& [object, destroy] : retired)
      destroy(object);
  }
}

void Shard::start(Timer& timer, Milliseconds delay) noexcept {
  // Outside a turn the cached time may be old, and a deadline must never be early.
  timers_.start(timer, (in_turn() ? now_ : clock_.now()) +
                           std::clamp<Milliseconds>(delay, Milliseconds{0}, longest_delay));
  outside_turn_work();
}

void Shard::post(UniqueFunction<void()> task) {
  auto* const poster = current();
  if (poster != nullptr && poster != this && &poster->runtime_ == &runtime_)
    return poster->pass_on(*this, std::move(task));
  {
    std::scoped_lock const lock(mutex_);
    posted_.push_back(std::move(task));
  }
  wake();
}

void Shard::pass_on(Shard& to, UniqueFunction<void()> task) {
  auto found = std::ranges::find(passed_, &to, &Passed::to);
  if (found == passed_.end()) found = passed_.insert(found, {&to, {}});
  found->tasks.push_back(std::move(task));
  passing_ = true;
}

void Shard::pass_on() {
  if (!std::exchange(passing_, false)) return;
  for (auto& [to, tasks] : passed_) {
    if (tasks.empty()) continue;
    {
      std::scoped_lock const lock(to->mutex_);
      std::ranges::move(tasks, std::back_inserter(to->posted_));
    }
    tasks.clear();
    to->wake();
  }
}

void Shard::wake() noexcept {
  if (wake_pending_.exchange(true, std::memory_order_acq_rel)) return;
  // In its own turn the shard looks for posted work before it waits: no system call is needed.
  if (in_turn()) return;
  std::uint64_t const one = 1;
  [[maybe_unused]] auto const written = ::write(wakeup_, &one, sizeof one);
}

void Shard::run_soon(Runnable& work) noexcept {
  runnables_.push_back(work);
  outside_turn_work();
}

void Shard::at_turn_end(TurnEnd& work) {
  if (std::exchange(work.scheduled_, true)) return;
  turn_ends_.push_back(&work);
  outside_turn_work();
}

void Shard::dirty(Stream& stream) {
  dirty_.push_back(&stream);
  outside_turn_work();
}

void Shard::opened(Burst& burst) {
  bursts_.push_back(&burst);
}

void Shard::forgotten(Burst& burst) noexcept {
  std::erase(bursts_, &burst);
}

void Shard::retire_raw(void* object, void (*destroy)(void*)) {
  retired_.push_back({object, destroy});
  outside_turn_work();
}

void Shard::adopt(std::unique_ptr<Adopted> object) {
  object->place_ = adopted_.size();
  adopted_.push_back(std::move(object));
}

void Shard::dismiss(Adopted& object) {
  auto const place = object.place_;
  if (place >= adopted_.size() || adopted_[place].get() != &object) return;
  retire(std::move(adopted_[place]));
  if (place + 1 != adopted_.size()) {
    adopted_[place] = std::move(adopted_.back());
    adopted_[place]->place_ = place;
  }
  adopted_.pop_back();
}

void Shard::watch(int descriptor, std::uint32_t events, Pollable& pollable) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &pollable;
  checked(epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event), "aerie: cannot watch a descriptor");
}

void Shard::rewatch(int descriptor, std::uint32_t events, Pollable& pollable) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &pollable;
  checked(epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event), "aerie: cannot watch a descriptor");
}

void Shard::unwatch(int descriptor) noexcept {
  epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
}

bool Shard::has_work() const {
  return wake_pending_.load(std::memory_order_acquire) || !runnables_.empty() || !dirty_.empty() ||
         !turn_ends_.empty() || !retired_.empty() || passing_;
}

int Shard::wait_limit(Milliseconds wait) const {
  if (has_work() || wait <= Milliseconds{0}) return 0;
  if (auto const next = timers_.next()) {
    auto const until = std::chrono::ceil<Milliseconds>(*next - clock_.now());
    wait = std::min(wait, std::max(until, Milliseconds{0}));
  }
  return static_cast<int>(wait.count());
}

void Shard::turn(Milliseconds wait) {
  InTurn const scope(*this, turning_);
  std::array<epoll_event, 256> events;
  auto const count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait_limit(wait));
  now_ = clock_.now();
  for (int i = 0; i < count; ++i) {
    auto const& event = events[static_cast<std::size_t>(i)];
    if (auto* const pollable = static_cast<Pollable*>(event.data.ptr)) {
      pollable->on_ready(event.events);
    } else {
      std::uint64_t ignored = 0;
      [[maybe_unused]] auto const read = ::read(wakeup_, &ignored, sizeof ignored);
    }
  }
  run_posted();
  timers_.advance(now_);
  run_runnables();
  end_turn();
  if (embedded_) arm();
}

void Shard::run_posted() {
  if (!wake_pending_.exchange(false, std::memory_order_acq_rel)) return;
  auto tasks = std::exchange(posted_spare_, {});
  {
    std::scoped_lock const lock(mutex_);
    tasks.swap(posted_);
  }
  for (auto const& task : tasks)
    task();
  tasks.clear();
  posted_spare_ = std::move(tasks);
}

void Shard::run_runnables() {
  // Only what is there now: what these ask for in their turn must not keep the connections waiting.
  LinkedList<Runnable> due;
  due.take(runnables_);
  while (!due.empty()) {
    auto& work = due.front();
    work.unlink();
    work.run();
  }
}

/// Visits what is in `queue` now; what is added meanwhile stays for the next time.
template <class T, class Visit>
void Shard::drain(std::vector<T>& queue, std::vector<T>& spare, Visit visit) {
  auto items = std::exchange(spare, {});
  items.swap(queue);
  for (auto const& item : items)
    visit(item);
  items.clear();
  spare = std::move(items);
}

void Shard::end_turn() {
  while (!turn_ends_.empty() || !dirty_.empty() || passing_) {
    while (!turn_ends_.empty()) {
      drain(turn_ends_, turn_ends_spare_, [](TurnEnd* work) {
        work->scheduled_ = false;
        work->on_turn_end();
      });
    }
    // Others first: they work in parallel while this shard writes.
    pass_on();
    close_bursts();
    drain(dirty_, dirty_spare_, [](Stream* stream) {
      stream->dirty_ = false;
      stream->flush();
    });
  }
  close_bursts();
  drain(retired_, retired_spare_, [](Retired const& retired) { retired.destroy(retired.object); });
}

void Shard::close_bursts() {
  for (auto* burst : std::exchange(bursts_, {}))
    burst->close();
}

void Shard::run_ready() {
  auto const due = [this] {
    auto const next = timers_.next();
    return next && *next <= clock_.now();
  };
  do {
    turn(Milliseconds{0});
  } while (has_work() || due());
}

void Shard::arm() {
  if (alarm_ < 0) {
    alarm_ = checked(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC),
                     "aerie: cannot create a timerfd");
    epoll_event event{};
    // Level-triggered and never read: setting it anew is what makes it unreadable again.
    event.events = EPOLLIN;
    event.data.ptr = nullptr;
    checked(epoll_ctl(epoll_, EPOLL_CTL_ADD, alarm_, &event), "aerie: cannot watch a timerfd");
    embedded_ = true;
  }
  itimerspec alarm{};
  if (auto const next = timers_.next(); next || has_work()) {
    auto const delay =
        has_work() ? std::chrono::nanoseconds{1}
                   : std::max<std::chrono::nanoseconds>(*next - clock_.now(), std::chrono::nanoseconds{1});
    alarm.it_value.tv_sec = delay.count() / 1'000'000'000;
    alarm.it_value.tv_nsec = delay.count() % 1'000'000'000;
  }
  timerfd_settime(alarm_, 0, &alarm, nullptr);
}

void Shard::stop() noexcept {
  stopped_.store(true, std::memory_order_release);
  wake();
}

}}}  // namespace aerie::v1::core
