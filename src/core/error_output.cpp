#include "core/error_output.hpp"

#include "core/signal_mask.hpp"

#include <aerie/core/log.hpp>

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

ErrorOutput& ErrorOutput::standard() {
  static auto* const output = [] {
    auto made = std::make_unique<ErrorOutput>(STDERR_FILENO);
    std::atexit([] { standard().flush(std::chrono::milliseconds{300}); });
    return made.release();
  }();
  return *output;
}

ErrorOutput::~ErrorOutput() {
  {
    std::scoped_lock const lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  put_waiting();
}

bool ErrorOutput::writable(int timeout_ms) const noexcept {
  pollfd state{descriptor_, POLLOUT, 0};
  return ::poll(&state, 1, timeout_ms) > 0;
}

/// Writes as much as is possible without waiting. What cannot be written at all is as good as written.
std::size_t ErrorOutput::put(std::string_view bytes) {
  std::size_t done = 0;
  while (done < bytes.size() && writable(0)) {
    // A pipe that is writable takes as much as this without blocking.
    auto const size =
        ::write(descriptor_, bytes.data() + done, std::min<std::size_t>(bytes.size() - done, PIPE_BUF));
    if (size > 0) {
      done += static_cast<std::size_t>(size);
    } else if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      break;
    } else if (size < 0 && errno != EINTR) {
      ++dropped_;
      return bytes.size();
    }
  }
  return done;
}

void ErrorOutput::write(std::string_view line) {
  std::scoped_lock const lock(mutex_);
  if (waiting_.empty()) line.remove_prefix(put(line));
  if (!line.empty()) keep(line);
}

void ErrorOutput::keep(std::string_view bytes) {
  if (waiting_.size() + bytes.size() > most_waiting) {
    ++dropped_;
    ++unmentioned_;
    return;
  }
  waiting_.append(bytes);
  if (!thread_.joinable()) {
    AsynchronousSignalsBlocked const blocked;
    thread_ = std::thread([this] { work(); });
  }
  changed_.notify_all();
}

void ErrorOutput::mention_dropped() {
  if (unmentioned_ == 0) return;
  auto const count = std::to_string(std::exchange(unmentioned_, 0));
  waiting_.append(
      concat("aerie: ", count, " lines of the log were dropped, because nobody read them in time\n"));
}

void ErrorOutput::put_waiting() {
  waiting_.erase(0, put(waiting_));
  if (!waiting_.empty()) return;
  mention_dropped();
  waiting_.erase(0, put(waiting_));
}

void ErrorOutput::work() {
  std::unique_lock lock(mutex_);
  while (!closing_) {
    if (waiting_.empty()) {
      waiting_.shrink_to_fit();
      changed_.notify_all();
      changed_.wait(lock);
      continue;
    }
    lock.unlock();
    writable(100);
    lock.lock();
    put_waiting();
  }
}

void ErrorOutput::flush(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, longest, [this] { return waiting_.empty(); });
}

std::uint64_t ErrorOutput::dropped() const {
  std::scoped_lock const lock(mutex_);
  return dropped_;
}

}}}  // namespace aerie::v1::core
