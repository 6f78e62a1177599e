#pragma once

#include "load/clock.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace load {

/// Somebody with one file descriptor in the loop. He may close it only while he handles an event of his own:
/// then no event of the same turn can still be meant for it.
class EventTarget {
 public:
  virtual void on_events(std::uint32_t events) = 0;

 protected:
  ~EventTarget() = default;
};

/// The generator's one epoll loop; it belongs to the thread that made it.
class EventLoop {
 public:
  EventLoop();
  ~EventLoop();
  EventLoop(EventLoop const&) = delete;
  EventLoop& operator=(EventLoop const&) = delete;

  void add(int descriptor, std::uint32_t events, EventTarget& target);
  void change(int descriptor, std::uint32_t events, EventTarget& target);
  /// Handles what is ready; without anything ready it waits, at most until `limit`.
  void turn(TimePoint limit);

  /// One buffer for everybody's reads: nobody keeps what he has read in it beyond `on_events`.
  std::span<char> read_buffer() { return read_buffer_; }

 private:
  int epoll_;
  std::vector<char> read_buffer_;
};

}  // namespace load
