#pragma once

#include <aerie/core/shard.hpp>
#include <aerie/core/stream.hpp>

#include <algorithm>
#include <limits>
#include <string>
#include <system_error>
#include <vector>

namespace aerie::test {

namespace core = aerie::core;

/// A stream to nowhere: the test says how much the "peer" takes and sees what it got.
class FakeStream final : public core::Stream {
 public:
  static constexpr auto unlimited = std::numeric_limits<std::size_t>::max();

  explicit FakeStream(core::Shard& shard) : Stream(shard) {}
  ~FakeStream() override {
    if (destroyed != nullptr) *destroyed = true;
  }

  core::Endpoint peer() const override { return {}; }
  void pause_reading() override {}
  void resume_reading() override {}
  void leave() override {}
  void enter(core::Shard& shard) override { move_to(shard); }
  void on_ready(std::uint32_t) override { flush(); }

  /// The peer ends its direction, in this turn.
  void end() { end_of_input(); }
  /// The peer has sent this, which is read in this turn.
  void hear(std::string bytes) { handler()->on_data(bytes); }
  /// The peer reads `bytes` more, in this turn.
  void take(std::size_t bytes) {
    window = bytes;
    if (watched) on_ready(0);
  }

  std::string wire;
  std::size_t window = unlimited;
  std::error_code failure;
  bool forgets = false;  // what it gets, where memory is counted
  bool watched = false;
  bool output_ended = false;
  bool released = false;
  bool outlives = false;
  int transmissions = 0;
  bool* destroyed = nullptr;

 protected:
  std::size_t transmit(std::span<iovec const> parts, std::error_code& error) override {
    ++transmissions;
    error = failure;
    if (failure) return 0;
    std::size_t sent = 0;
    for (auto const& part : parts) {
      auto const size = std::min(part.iov_len, window);
      if (!forgets) wire.append(static_cast<char const*>(part.iov_base), size);
      sent += size;
      if (window != unlimited) window -= size;
    }
    return sent;
  }
  void watch_writable(bool on) override { watched = on; }
  void end_output() noexcept override { output_ended = true; }
  void release() noexcept override { released = true; }
  bool outlives_release() const noexcept override { return outlives; }
};

/// Notes what a stream tells its handler.
struct RecordingHandler final : core::StreamHandler {
  void on_data(std::span<char> bytes) override {
    data.append(bytes.data(), bytes.size());
    if (answering != nullptr) answering->write(answer);
  }
  bool on_end() override {
    ++ends;
    return goes_on;
  }
  void on_closed(std::error_code reason) override { closed.push_back(reason); }
  void on_drained() override { ++drained; }
  void on_overflow() override { ++overflows; }

  /// Answers whatever arrives on this stream.
  core::Stream* answering = nullptr;
  std::string answer = "answer";
  /// Whether it goes on when the peer has ended its direction.
  bool goes_on = false;

  std::string data;
  std::vector<std::error_code> closed;
  int ends = 0;
  int drained = 0;
  int overflows = 0;
};

}  // namespace aerie::test
