#pragma once

#include "http/head_parser.hpp"
#include "http/hub.hpp"
#include "http/request_body.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/core/stream.hpp>
#include <aerie/http/exchange.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// A connection on its way from one shard to another, amid a request.
struct Parcel {
  std::unique_ptr<core::Stream> stream;
  RequestHead head;
  std::unique_ptr<RequestBody> body;
  std::string pending;
  bool expects_continue = false;
  bool closing = false;
};

/// One HTTP connection: reads a request, has it answered, reads the next one. It is also the exchange of the
/// request at hand. While idle it holds no buffer. Its hub owns it; it leaves by being retired, so it
/// survives every call that it makes.
class Connection final : public Exchange, private core::StreamHandler, private core::TurnEnd {
 public:
  Connection(Hub& hub, std::unique_ptr<core::Stream> stream);
  ~Connection() override;

  /// Goes on with the request in `parcel`, whose stream this connection was made of.
  void resume(Parcel parcel);
  /// Ends it, after the answer if there is a request.
  void close();
  /// Ends it now; the owner of the exchange is told.
  void abort();

  core::Shard& shard() const noexcept override { return hub_.shard(); }
  core::Endpoint peer() const override { return stream_->peer(); }
  bool secure() const noexcept override { return stream_->secure(); }
  std::optional<std::uint64_t> content_length() const noexcept override;
  void read_body(ExchangeOwner& owner, std::size_t limit) override;
  void hold(ExchangeOwner& owner) override { owner_ = &owner; }
  void respond(int status, std::string_view header_lines, std::span<std::string_view const> parts) override;
  void respond_in_chunks(int status, std::string_view header_lines, std::string_view body) override;
  void respond_and_close(int status, std::string_view header_lines, std::string_view body) override;
  void drop() override { remove(); }
  std::unique_ptr<core::Stream> take_over(std::string& already_read) override;
  void continue_on(core::Shard& shard) override;

 private:
  friend class Hub;

  enum class Phase : std::uint8_t {
    waiting,    // for the first byte of a request
    head,       // part of a head has arrived
    body,       // which the owner has asked for
    answering,  // it is somebody else's turn
    skipping,   // a body that nobody wants
    leaving,    // for another shard
    ending      // when the last answer is sent
  };

  void on_data(std::span<char> bytes) override;
  void on_closed(std::error_code reason) override;
  void on_drained() override;
  void on_overflow() override;
  void on_turn_end() override;
  void on_deadline();

  void run(std::string_view input, std::string* storage);
  void run_pending();
  bool step();
  bool read_head();
  bool collect_body();
  bool skip_body();
  void begin();
  void answer_for_service(std::string_view what);

  bool takes_input() const noexcept;
  bool output_is_full() const noexcept;
  void balance_reading();
  /// How the peer learns where a body ends.
  enum class Framing : std::uint8_t { length, chunks };
  void answer(int status, std::string_view header_lines, std::span<std::string_view const> parts,
              Framing framing);
  void write_response(int status, std::string_view header_lines, std::span<std::string_view const> parts,
                      bool close, Framing framing = Framing::length);
  void end_exchange(bool close);
  bool can_skip_body() const noexcept;
  void fail(int status, std::string_view sentence);
  void finish();
  void remove();
  void post_leave();
  void leave();

  void set_deadline(core::Milliseconds delay);
  void clear_deadline() noexcept { deadline_ = core::TimePoint::max(); }
  void arm();
  core::TimePoint now() const;

  Hub& hub_;
  std::unique_ptr<core::Stream> stream_;  // null when the connection is over
  ExchangeOwner* owner_ = nullptr;
  core::Shard* target_ = nullptr;
  std::unique_ptr<HeadParser> partial_;
  std::unique_ptr<RequestBody> body_;
  std::size_t body_limit_ = 0;
  std::string_view input_;  // what is being processed, while running_
  std::string pending_;     // what waits; in phase head, the head so far
  core::TimePoint deadline_ = core::TimePoint::max();
  core::Timer timer_ = core::Timer::calling<&Connection::on_deadline>(this);
  std::size_t last_unsent_ = 0;
  std::size_t place_ = 0;
  Phase phase_ = Phase::waiting;
  bool running_ = false;
  bool paused_ = false;
  bool closing_ = false;
  bool first_ = true;
  bool move_posted_ = false;
  bool expects_continue_ = false;
};

}}}  // namespace aerie::v1::http
