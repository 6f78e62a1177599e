#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace aerie { inline namespace v1 { namespace core {

/// Lines for a descriptor that others read, for whom no event loop may wait: a terminal that was stopped, a
/// collector of logs that hangs. A line is written by whoever has it as long as that does not block, so that
/// none is lost when the program dies; what would block waits for a thread, and past a bound it is dropped
/// and counted. Thread-safe.
class ErrorOutput {
 public:
  explicit ErrorOutput(int descriptor) noexcept : descriptor_(descriptor) {}
  /// Writes what waits if that is possible at once.
  ~ErrorOutput();
  ErrorOutput(ErrorOutput const&) = delete;
  ErrorOutput& operator=(ErrorOutput const&) = delete;

  /// The process has one standard error, so it has one of these, which is never destroyed; at the end of the
  /// process what waits gets a moment to be written.
  static ErrorOutput& standard();

  /// `line` ends with a newline.
  void write(std::string_view line);
  /// Waits until everything is written, at most that long.
  void flush(std::chrono::milliseconds longest);
  /// Lines that were dropped so far.
  std::uint64_t dropped() const;

 private:
  static constexpr std::size_t most_waiting = 256 * 1024;

  bool writable(int timeout_ms) const noexcept;
  std::size_t put(std::string_view bytes);
  void put_waiting();
  void mention_dropped();
  void keep(std::string_view bytes);
  void work();

  int descriptor_;
  std::mutex mutable mutex_;
  std::condition_variable changed_;
  std::string waiting_;
  std::uint64_t dropped_ = 0;
  std::uint64_t unmentioned_ = 0;  // of these
  bool closing_ = false;
  std::thread thread_;  // started when something has to wait for the first time
};

}}}  // namespace aerie::v1::core
