/// The same with nothing but POSIX: poll(2), a pipe. It is there for systems without epoll, which it has not
/// been tried on, and looks at every descriptor in every turn.

#include "core/joint_sender.hpp"
#include "core/system/signal_source.hpp"
#include "core/system/sockets.hpp"

#include <aerie/core/poller.hpp>
#include <aerie/core/wake_event.hpp>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <new>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace core {

#ifdef POLLRDHUP
static_assert(Readiness::peer_ended == POLLRDHUP);
#endif
static_assert(Readiness::read == POLLIN && Readiness::write == POLLOUT && Readiness::error == POLLERR &&
              Readiness::hang_up == POLLHUP);

struct Poller::Watches {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  std::vector<pollfd> descriptors;
  std::vector<Pollable*> pollables;  // of the same places
  std::vector<std::size_t> places;   // by descriptor
  std::size_t next = 0;              // where the next round begins, so that nobody is always the last one

  std::size_t place(int descriptor) const noexcept {
    auto const index = static_cast<std::size_t>(descriptor);
    return descriptor >= 0 && index < places.size() ? places[index] : none;
  }
};

namespace {

// What systems without POLLRDHUP do not know must not be asked for.
#ifdef POLLRDHUP
constexpr std::uint32_t known = Readiness::read | Readiness::write | Readiness::peer_ended;
#else
constexpr std::uint32_t known = Readiness::read | Readiness::write;
#endif

constexpr int moment = 10;

[[noreturn]] void fail(int error, char const* what) {
  throw std::system_error(error, std::system_category(), what);
}

int closed_on_exec_and_not_blocking(int descriptor) noexcept {
  if (descriptor < 0) return -1;
  if (::fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 &&
      ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK) == 0) {
    return descriptor;
  }
  auto const error = errno;
  ::close(descriptor);
  errno = error;
  return -1;
}

/// Where it is read, and where it is written.
std::pair<int, int> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) fail(errno, "aerie: cannot create a pipe");
  std::pair const made(closed_on_exec_and_not_blocking(ends[0]), closed_on_exec_and_not_blocking(ends[1]));
  if (made.first >= 0 && made.second >= 0) return made;
  auto const error = errno;
  for (int const end : {made.first, made.second})
    if (end >= 0) ::close(end);
  fail(error, "aerie: cannot create a pipe");
}

}  // namespace

Poller::Poller() : watches_(std::make_unique<Watches>()) {}

Poller::~Poller() = default;

bool Poller::repeats() noexcept {
  return true;
}

void Poller::watch(int descriptor, std::uint32_t events, Pollable* pollable) {
  auto& watches = *watches_;
  if (descriptor < 0 || watches.place(descriptor) != Watches::none)
    fail(descriptor < 0 ? EBADF : EEXIST, "aerie: cannot watch a descriptor");
  try {
    auto const index = static_cast<std::size_t>(descriptor);
    if (index >= watches.places.size()) watches.places.resize(index + 1, Watches::none);
    watches.descriptors.reserve(watches.descriptors.size() + 1);
    watches.pollables.push_back(pollable);
    watches.places[index] = watches.descriptors.size();
    watches.descriptors.push_back({descriptor, static_cast<short>(events & known), 0});
  } catch (std::bad_alloc const&) {
    fail(ENOMEM, "aerie: cannot watch a descriptor");
  }
}

void Poller::rewatch(int descriptor, std::uint32_t events, Pollable* pollable) {
  auto const place = watches_->place(descriptor);
  if (place == Watches::none) fail(ENOENT, "aerie: cannot watch a descriptor");
  watches_->descriptors[place].events = static_cast<short>(events & known);
  watches_->pollables[place] = pollable;
}

void Poller::unwatch(int descriptor) noexcept {
  auto& watches = *watches_;
  auto const place = watches.place(descriptor);
  if (place == Watches::none) return;
  watches.places[static_cast<std::size_t>(descriptor)] = Watches::none;
  if (auto const last = watches.descriptors.back(); last.fd != descriptor) {
    watches.descriptors[place] = last;
    watches.pollables[place] = watches.pollables.back();
    watches.places[static_cast<std::size_t>(last.fd)] = place;
  }
  watches.descriptors.pop_back();
  watches.pollables.pop_back();
}

void Poller::forget(int descriptor) noexcept {
  unwatch(descriptor);
}

std::size_t Poller::wait(std::array<Event, most_events>& events, int ms, int& error) {
  auto& watches = *watches_;
  auto const size = watches.descriptors.size();
  auto ready = ::poll(watches.descriptors.data(), static_cast<nfds_t>(size), ms);
  if (ready < 0) {
    if (errno != EINTR) {
      error = errno;
      ::poll(nullptr, 0, std::min(ms, moment));
    }
    return 0;
  }
  std::size_t count = 0;
  auto place = watches.next < size ? watches.next : 0;
  for (std::size_t looked_at = 0; looked_at < size && ready > 0 && count < events.size(); ++looked_at) {
    auto const& descriptor = watches.descriptors[place];
    if (descriptor.revents != 0) {
      // Closed by somebody else: whoever waits for it learns of it as of an error.
      auto const invalid = (descriptor.revents & POLLNVAL) != 0;
      auto const seen = static_cast<std::uint32_t>(static_cast<unsigned short>(descriptor.revents));
      events[count++] = {invalid ? Readiness::error | Readiness::hang_up : seen, watches.pollables[place]};
      --ready;
    }
    if (++place == size) place = 0;
  }
  watches.next = place;
  return count;
}

void Poller::set_alarm(std::chrono::nanoseconds const*) {
  fail(ENOTSUP,
       "aerie: cannot run inside another event loop: built with AERIE_EVENT_BACKEND=poll, a runtime has no "
       "descriptor; call Runtime::turn from time to time, or build with epoll");
}

WakeEvent::WakeEvent() {
  std::tie(descriptor_, writing_end_) = make_pipe();
}

WakeEvent::~WakeEvent() {
  ::close(descriptor_);
  ::close(writing_end_);
}

bool WakeEvent::signal() noexcept {
  char const one = 1;
  return ::write(writing_end_, &one, 1) == 1;
}

void WakeEvent::empty() noexcept {
  std::array<char, 64> ignored{};
  // What cannot be emptied is told again at once: not faster than this.
  if (::read(descriptor_, ignored.data(), ignored.size()) < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
    ::poll(nullptr, 0, moment);
}

// --- Signals: a handler writes them to a pipe, which is one of the few things that it may do.

namespace {

/// By signal, the writing end of the source that has it; 0: none.
std::array<std::atomic<int>, NSIG> writing_ends{};
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void write_signal(int signal) {
  auto const before = errno;
  auto const byte = static_cast<unsigned char>(signal);
  // A pipe that is full has been told of so many that this one more says nothing.
  static_cast<void>(::write(writing_ends[static_cast<std::size_t>(signal)].load(), &byte, 1));
  errno = before;
}

}  // namespace

struct SignalSource::State {
  struct Taken {
    int signal;
    int end_before;
    struct sigaction before;
  };
  std::pair<int, int> ends;
  std::vector<Taken> taken;  // the one that was taken first, first
};

SignalSource::SignalSource() : state_(std::make_unique<State>(State{make_pipe(), {}})) {}

SignalSource::~SignalSource() {
  auto& taken = state_->taken;
  for (; !taken.empty(); taken.pop_back()) {
    auto const& last = taken.back();
    ::sigaction(last.signal, &last.before, nullptr);
    writing_ends[static_cast<std::size_t>(last.signal)] = last.end_before;
  }
  ::close(state_->ends.first);
  ::close(state_->ends.second);
}

void SignalSource::add(sigset_t const& signals) {
  auto& [ends, taken] = *state_;
  struct sigaction action {};
  action.sa_handler = &write_signal;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  for (int signal = 1; signal < NSIG; ++signal) {
    if (sigismember(&signals, signal) != 1 ||
        std::ranges::find(taken, signal, &State::Taken::signal) != taken.end())
      continue;
    taken.reserve(taken.size() + 1);
    State::Taken now{signal, writing_ends[static_cast<std::size_t>(signal)].exchange(ends.second), {}};
    if (::sigaction(signal, &action, &now.before) == 0) {
      taken.push_back(now);
    } else {
      writing_ends[static_cast<std::size_t>(signal)] = now.end_before;
      // As a signalfd does with those that nobody can take, SIGKILL and SIGSTOP.
      if (errno != EINVAL) fail(errno, "aerie: cannot watch signals");
    }
  }
  // Whoever has started the process may have left them blocked.
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

int SignalSource::descriptor() const noexcept {
  return state_->ends.first;
}

int SignalSource::next() noexcept {
  unsigned char signal = 0;
  return ::read(state_->ends.first, &signal, 1) == 1 ? signal : 0;
}

int open_socket(int family) noexcept {
  return closed_on_exec_and_not_blocking(::socket(family, SOCK_STREAM, 0));
}

int accept_socket(int listener, sockaddr* peer, socklen_t* size) noexcept {
  return closed_on_exec_and_not_blocking(::accept(listener, peer, size));
}

std::unique_ptr<JointSender> open_send_ring(std::error_code& error) {
  error = std::make_error_code(std::errc::function_not_supported);
  return nullptr;
}

}}}  // namespace aerie::v1::core
