#pragma once

#include "http/head_parser.hpp"
#include "http/request_body.hpp"
#include "http/write_patience.hpp"

#include <aerie/core/clock.hpp>
#include <aerie/http/request_head.hpp>
#include <aerie/http/server_options.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// What an HTTP/1.1 connection does next (RFC 9112 §9), without I/O and without a clock: bytes, answers, what
/// the output looks like and the time go in; what is to be done comes out. It keeps no bytes but of a body
/// that somebody wants: what `next` leaves in its input is given to it again, with more behind it.
class ConnectionMachine {
 public:
  enum class Action : std::uint8_t {
    wait,     // until something else happens
    request,  // a head is complete: `take_head`, and have it answered
    body,     // the body that was asked for is complete: `take_body`
    body_too_large,
    refuse,  // answer `refused_status` and `refused_because`, and end behind that answer
    finish,  // end as soon as everything is sent
    abort    // end now; whoever has the request is told
  };

  /// What is on its way to the peer.
  struct Output {
    std::size_t unsent = 0;
    bool idle = true;
  };

  /// `options` outlive it.
  ConnectionMachine(ServerOptions const& options, core::TimePoint now) noexcept
      : options_(&options), deadline_(now + options.header_timeout) {}

  // --- What the peer sends

  /// Takes from the front of `input`, which is everything that has arrived and is not taken yet. `fresh` is a
  /// parser for a head that arrives whole. To be called until it is `wait`.
  Action next(std::string_view& input, HeadParser& fresh, Output output, core::TimePoint now);
  /// The peer sends nothing more behind what it has sent, but may read its answers (RFC 9112 §9.6). Call
  /// `next`.
  void input_ended() noexcept { input_ended_ = true; }
  /// Whether `next` could do something with more input.
  bool takes_input(Output output) const noexcept;

  RequestHead take_head() noexcept { return std::move(head_); }
  std::string take_body() noexcept;
  int refused_status() const noexcept { return status_of(error_); }
  std::string_view refused_because() const noexcept;

  // --- The request at hand

  std::optional<std::uint64_t> content_length() const noexcept;
  /// The whole body if it is in `input` already, from which it is taken.
  std::optional<std::string_view> whole_body(std::string_view& input);
  /// Collects the body, on that account. False if it is announced to be larger than `limit`.
  bool want_body(std::size_t limit, core::Account& account, core::TimePoint now) noexcept;
  /// Whether the peer waits for "100 Continue" before it sends the body; true once.
  bool take_expectation() noexcept {
    auto const expected = expects_continue_;
    expects_continue_ = false;
    return expected;
  }

  /// Whether the answer to `head` is the last one on this connection. `more_input`: something has arrived
  /// behind the request.
  bool answer_is_last(RequestHead const& head, bool more_input) const noexcept;
  /// The request is answered as a whole.
  void answered(bool last, core::TimePoint now) noexcept;

  // --- The output and the time

  void wrote(std::size_t bytes, std::size_t unsent_before, core::TimePoint now) noexcept {
    patience_.wrote(bytes, unsent_before, *options_, now);
  }
  /// What could not be sent at once has been sent.
  void output_drained(core::TimePoint now) noexcept;
  /// When `overdue` is to be called; TimePoint::max() if never.
  core::TimePoint due(Output output) const noexcept;
  Action overdue(Output output, core::TimePoint now) noexcept;

  // --- The end

  /// The server ends: what is under way is answered.
  Action close() noexcept;
  void ending() noexcept;
  bool input_has_ended() const noexcept { return input_ended_; }
  bool is_ending() const noexcept { return phase_ == Phase::ending; }
  bool is_answering() const noexcept { return phase_ == Phase::answering; }
  bool has_request() const noexcept { return phase_ == Phase::answering || phase_ == Phase::body; }

  // --- The way to another shard, amid a request

  struct Carried {
    std::unique_ptr<RequestBody> body;
    bool expects_continue = false;
    bool closing = false;
    bool input_ended = false;
  };
  Carried carry() noexcept { return {std::move(body_), expects_continue_, closing_, input_ended_}; }
  void resume(Carried carried) noexcept;

 private:
  enum class Phase : std::uint8_t {
    waiting,    // for the first byte of a request
    head,       // part of a head has arrived
    body,       // which somebody has asked for
    answering,  // it is somebody else's turn
    skipping,   // a body that nobody wants
    ending      // when the last answer is sent
  };

  Action read_head(std::string_view& input, HeadParser& fresh, core::TimePoint now);
  Action collect_body(std::string_view& input);
  Action skip_body(std::string_view& input, core::TimePoint now);
  Action refuse(RequestError error) noexcept;
  Action end_of_input() noexcept;
  bool can_skip_body() const noexcept;

  ServerOptions const* options_;
  std::unique_ptr<HeadParser> partial_;  // while part of a head has arrived
  std::unique_ptr<RequestBody> body_;    // until it is read or skipped
  RequestHead head_;                     // until it is taken
  std::size_t body_limit_ = 0;
  core::TimePoint deadline_;
  WritePatience patience_;
  Phase phase_ = Phase::waiting;
  RequestError error_ = RequestError::none;
  bool first_ : 1 = true;
  bool closing_ : 1 = false;
  bool input_ended_ : 1 = false;
  bool expects_continue_ : 1 = false;
};

}}}  // namespace aerie::v1::http
