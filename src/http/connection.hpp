#pragma once

#include "http/connection_machine.hpp"
#include "http/hub.hpp"
#include "http/open_exchange.hpp"

#include <aerie/core/anchor.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/stream.hpp>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// A connection on its way from one shard to another, amid a request.
struct Parcel {
  std::unique_ptr<core::Stream> stream;
  RequestHead head;
  ConnectionMachine::Carried state;
  std::string pending;
};

/// One HTTP connection: does to a stream, a timer and the owners of exchanges what its ConnectionMachine
/// says. It is also what handles of the request at hand refer to. While idle it holds no buffer. Its hub owns
/// it; it leaves by being retired, so it survives every call that it makes.
class Connection final : public OpenExchange, private core::StreamHandler, private core::TurnEnd {
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
  core::Endpoint peer() const override;
  bool secure() const noexcept override;
  std::optional<std::uint64_t> content_length() const noexcept override { return machine_.content_length(); }
  void read_body(ExchangeOwner& owner, std::size_t limit) override;
  void hold(ExchangeOwner& owner) override;
  void respond(int status, std::string_view header_lines, std::span<std::string_view const> parts) override;
  void respond_in_chunks(int status, std::string_view header_lines, std::string_view body) override;
  void respond_and_close(int status, std::string_view header_lines, std::string_view body) override;
  bool begin_answer(ExchangeOwner& owner, int status, std::string_view header_lines,
                    std::optional<std::uint64_t> length) override;
  bool write_part(std::string_view part) override;
  void end_answer() override;
  void drop() override { remove(); }
  std::unique_ptr<core::Stream> take_over(std::string& already_read) override;
  void continue_on(core::Shard& shard) override;

 private:
  friend class Hub;
  using Action = ConnectionMachine::Action;

  /// On the way to another shard.
  struct Move {
    Move(core::Shard& from, core::Shard& to) noexcept : target(to), anchor(from) {}
    core::Shard& target;
    core::Anchor anchor;
  };

  void on_data(std::span<char> bytes) override;
  bool on_end() override;
  void on_closed(std::error_code) override { abort(); }
  void on_drained() override;
  void on_overflow() override { abort(); }
  void on_turn_end() override;
  void on_deadline();

  void run(std::string_view input, std::string* storage);
  void run_pending();
  bool take_step();
  void act(Action action);
  void begin();
  bool abort_if_peer_has_left();
  /// The request is over; its owner, if it has one, is told that it has been for nothing.
  void abandon_exchange();
  /// Calls what belongs to the request's owner or service; what it throws is answered with 500.
  template <class F>
  void ask(F&& call);
  void answer_for_service(std::string_view what);

  ConnectionMachine::Output output() const noexcept { return {stream_->unsent(), stream_->idle()}; }
  bool takes_input() const noexcept { return !running_ && machine_.takes_input(output()); }
  bool more_input() const noexcept { return running_ ? !input_.empty() : !pending_.empty(); }
  /// Whether a step could be taken without more input.
  bool has_more_to_do() const noexcept { return !pending_.empty() || machine_.input_has_ended(); }
  void balance_reading();
  void account_for_pending() noexcept;
  /// The hub retires it, and may be gone when it is destroyed.
  void removed() noexcept;
  /// How the peer learns where a body ends.
  enum class Framing : std::uint8_t { length, chunks, end };
  void answer(int status, std::string_view header_lines, std::span<std::string_view const> parts,
              Framing framing);
  void write_response(int status, std::string_view header_lines, std::span<std::string_view const> parts,
                      bool last, Framing framing = Framing::length);
  void write_head_and(std::span<std::string_view const> parts, int status, std::string_view header_lines,
                      bool last, Framing framing, std::uint64_t length);
  void write_all(std::initializer_list<std::string_view> parts);
  void end_exchange(bool last);
  void refuse();
  void finish();
  void remove();
  void post_leave();
  void leave();
  void arm();
  core::TimePoint now() const;

  Hub& hub_;
  std::unique_ptr<core::Stream> stream_;  // null when the connection is over
  ExchangeOwner* owner_ = nullptr;
  std::unique_ptr<Move> move_;  // while it leaves for another shard
  ConnectionMachine machine_;
  std::string_view input_;  // what is being processed, while running_
  std::string pending_;     // what waits
  core::Timer timer_ = core::Timer::calling<&Connection::on_deadline>(this);
  std::size_t place_ = 0;
  std::uint32_t charged_ = 0;  // for what waits
  bool running_ = false;
  bool paused_ = false;
  // Of the answer that is being sent part by part:
  bool last_answer_ = false;
  bool in_chunks_ = false;
};

}}}  // namespace aerie::v1::http
