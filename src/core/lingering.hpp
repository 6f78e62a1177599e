#pragma once

#include <aerie/core/shard.hpp>
#include <aerie/core/stream.hpp>

#include <chrono>
#include <memory>

namespace aerie { inline namespace v1 { namespace core {

/// Keeps a finished stream until its peer has taken the last bytes and closed, or has had time enough to.
/// What the peer still sends is read and dropped: unread bytes would turn the close into a reset, which can
/// destroy our last bytes before the peer has read them.
class Lingering final : public Adopted, public StreamHandler {
 public:
  explicit Lingering(std::unique_ptr<Stream> stream) noexcept
      : shard_(stream->shard()), stream_(std::move(stream)) {}
  ~Lingering() override {
    stream_->set_handler(nullptr);
    stream_->close();
    shard_.retire(std::move(stream_));
  }

  /// To be called once it has been adopted.
  void begin() {
    stream_->set_handler(this);
    wait();
    stream_->resume_reading();
  }

  void on_data(std::span<char>) override {}
  void on_closed(std::error_code) override { shard_.dismiss(*this); }
  void on_drained() override { wait(); }
  // What is queued was allowed to be written, and more cannot follow: it is too much for the process.
  void on_overflow() override { shard_.dismiss(*this); }

 private:
  static constexpr std::chrono::seconds time_to_close{2};
  static constexpr std::chrono::seconds time_to_take_something{10};

  void wait() {
    unsent_ = stream_->unsent();
    shard_.start(deadline_, unsent_ > 0 ? time_to_take_something : time_to_close);
  }
  void on_deadline() {
    if (stream_->unsent() < unsent_) {
      wait();
    } else {
      shard_.dismiss(*this);
    }
  }

  Shard& shard_;
  std::unique_ptr<Stream> stream_;
  std::size_t unsent_ = 0;
  Timer deadline_ = Timer::calling<&Lingering::on_deadline>(this);
};

}}}  // namespace aerie::v1::core
