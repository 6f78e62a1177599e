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

/// Somebody with bytes that have to leave.
class Outgoing {
 public:
  virtual void flush() = 0;

 protected:
  ~Outgoing() = default;
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
  /// Flushes what was asked for, and handles what is ready; without anything ready it waits, at most until
  /// `limit`.
  void turn(TimePoint limit);
  /// `outgoing` is flushed when the event at hand has been handled: what one read allows leaves in one write,
  /// as it does in a client that has several messages to send.
  void flush_soon(Outgoing& outgoing) { to_flush_.push_back(&outgoing); }

  /// One buffer for everybody's reads: nobody keeps what he has read in it beyond `on_events`.
  std::span<char> read_buffer() { return read_buffer_; }

 private:
  void flush();

  int epoll_;
  std::vector<Outgoing*> to_flush_;
  std::vector<char> read_buffer_;
};

}  // namespace load
