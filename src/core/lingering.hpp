#pragma once

#include <aerie/core/shard.hpp>
#include <aerie/core/stream.hpp>
#include <chrono>
#include <memory>

namespace aerie::inline v1::core {

/// Keeps a finished stream until its peer has taken the last bytes and closed, or has had time enough to.
/// What the peer still sends is read and dropped: unread bytes would turn the close into a reset, which can
/// destroy our last bytes before the peer has read them.
class Lingering final : public Adopted, public StreamHandler {
 public:
  explicit Lingering(std::unique_ptr<Stream> stream) : shard_(stream->shard()), stream_(std::move(stream)) {
    stream_->set_handler(this);
    stream_->resume_reading();
    shard_.start(deadline_, std::chrono::seconds{2});
  }
  ~Lingering() override {
    stream_->set_handler(nullptr);
    stream_->close();
    shard_.retire(std::move(stream_));
  }

  void on_data(std::span<char>) override {}
  void on_closed(std::error_code) override { shard_.dismiss(*this); }
  void on_overflow() override { shard_.dismiss(*this); }

 private:
  void on_deadline() { shard_.dismiss(*this); }

  Shard& shard_;
  std::unique_ptr<Stream> stream_;
  Timer deadline_ = Timer::calling<&Lingering::on_deadline>(this);
};

}  // namespace aerie::inline v1::core
