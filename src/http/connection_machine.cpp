#include "http/connection_machine.hpp"

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace http {

namespace {

// Further requests of a peer that does not take its answers wait until it has.
constexpr std::size_t most_unsent = 256 * 1024;
// An unread body of up to this size is read and dropped, to save the connection.
constexpr std::uint64_t most_skipped = 64 * 1024;

constexpr auto never = core::TimePoint::max();

}  // namespace

// --- What the peer sends

bool ConnectionMachine::takes_input(Output output) const noexcept {
  switch (phase_) {
    case Phase::answering:
      return false;
    case Phase::waiting:
    case Phase::head:
      return output.unsent <= most_unsent;
    default:
      return true;
  }
}

ConnectionMachine::Action ConnectionMachine::next(std::string_view& input, HeadParser& fresh, Output output,
                                                  core::TimePoint now) {
  if (phase_ == Phase::skipping) {
    auto const action = input.empty() ? end_of_input() : skip_body(input, now);
    if (phase_ == Phase::skipping || action != Action::wait) return action;
  }
  switch (phase_) {
    case Phase::waiting:
    case Phase::head:
      if (output.unsent > most_unsent) return Action::wait;
      return input.empty() ? end_of_input() : read_head(input, fresh, now);
    case Phase::body:
      return input.empty() ? end_of_input() : collect_body(input);
    case Phase::ending:
      input = {};
      return Action::wait;
    default:
      return Action::wait;
  }
}

/// All input has been taken. If no more can follow, what is incomplete stays so.
ConnectionMachine::Action ConnectionMachine::end_of_input() noexcept {
  if (!input_ended_) return Action::wait;
  return phase_ == Phase::body ? Action::abort : Action::finish;
}

ConnectionMachine::Action ConnectionMachine::read_head(std::string_view& input, HeadParser& fresh,
                                                       core::TimePoint now) {
  if (phase_ == Phase::waiting) {
    phase_ = Phase::head;
    // The first head's time has begun with the connection.
    if (!first_) deadline_ = now + options_->header_timeout;
  }
  auto& parser = partial_ ? *partial_ : fresh;
  switch (parser.parse(input)) {
    case HeadParser::Status::incomplete:
      if (!partial_) partial_ = std::make_unique<HeadParser>(parser);
      return end_of_input();
    case HeadParser::Status::failed:
      return refuse(parser.error());
    case HeadParser::Status::complete:
      break;
  }
  auto const& facts = parser.facts();
  head_ = parser.head(input);
  expects_continue_ = facts.expects_continue();
  if (facts.chunked() || facts.content_length() > 0) body_ = std::make_unique<RequestBody>(facts);
  input.remove_prefix(parser.size());
  partial_.reset();
  first_ = false;
  phase_ = Phase::answering;
  deadline_ = never;
  return Action::request;
}

ConnectionMachine::Action ConnectionMachine::collect_body(std::string_view& input) {
  auto const status = body_->collect(input, body_limit_);
  switch (status) {
    case RequestBody::Status::more:
      return end_of_input();
    case RequestBody::Status::failed:
      return refuse(body_->error());
    default:
      break;
  }
  phase_ = Phase::answering;
  deadline_ = never;
  return status == RequestBody::Status::too_large ? Action::body_too_large : Action::body;
}

ConnectionMachine::Action ConnectionMachine::skip_body(std::string_view& input, core::TimePoint now) {
  switch (body_->skip(input)) {
    case RequestBody::Status::more:
      return end_of_input();
    case RequestBody::Status::complete:
      body_.reset();
      answered(false, now);
      return is_ending() ? Action::finish : Action::wait;
    default:
      return Action::finish;
  }
}

ConnectionMachine::Action ConnectionMachine::refuse(RequestError error) noexcept {
  error_ = error;
  return Action::refuse;
}

std::string ConnectionMachine::take_body() noexcept {
  auto body = body_->take_collected();
  body_.reset();
  return body;
}

std::string_view ConnectionMachine::refused_because() const noexcept {
  return to_string(error_);
}

// --- The request at hand

std::optional<std::uint64_t> ConnectionMachine::content_length() const noexcept {
  if (!body_) return 0;
  return body_->length();
}

std::optional<std::string_view> ConnectionMachine::whole_body(std::string_view& input) {
  if (!body_) return std::string_view{};
  auto const whole = body_->take_whole(input);
  if (whole) body_.reset();
  return whole;
}

bool ConnectionMachine::want_body(std::size_t limit, core::Account& account, core::TimePoint now) noexcept {
  if (!body_) return true;
  if (body_->length().value_or(0) > limit) return false;
  body_->charge_to(account);
  body_limit_ = limit;
  phase_ = Phase::body;
  deadline_ = now + options_->body_timeout;
  return true;
}

bool ConnectionMachine::can_skip_body() const noexcept {
  // A client that waits for 100 may or may not send its body now: there is no knowing where it ends.
  if (expects_continue_ && !body_->begun()) return false;
  auto const length = body_->length();
  return length && *length <= most_skipped;
}

bool ConnectionMachine::answer_is_last(RequestHead const& head, bool more_input) const noexcept {
  return closing_ || !head.keep_alive() || (body_ && !can_skip_body()) || (input_ended_ && !more_input);
}

void ConnectionMachine::answered(bool last, core::TimePoint now) noexcept {
  if (last || closing_) return ending();
  phase_ = body_ ? Phase::skipping : Phase::waiting;
  // For an answer that the peer takes later this begins anew, see `output_drained`.
  deadline_ = now + (body_ ? options_->body_timeout : options_->keep_alive_timeout);
}

// --- The output and the time

void ConnectionMachine::output_drained(core::TimePoint now) noexcept {
  if (phase_ == Phase::waiting && !first_) deadline_ = now + options_->keep_alive_timeout;
}

core::TimePoint ConnectionMachine::due(Output output) const noexcept {
  return output.idle ? deadline_ : std::min(deadline_, patience_.until());
}

ConnectionMachine::Action ConnectionMachine::overdue(Output output, core::TimePoint now) noexcept {
  if (!output.idle) {
    patience_.note(output.unsent, *options_, now);
    if (now >= patience_.until()) return Action::abort;
    output_drained(now);
  }
  if (now < deadline_) return Action::wait;
  switch (phase_) {
    case Phase::head:
      return refuse(RequestError::head_late);
    case Phase::body:
      return refuse(RequestError::body_late);
    case Phase::skipping:
      return Action::finish;
    default:
      return Action::abort;
  }
}

// --- The end

ConnectionMachine::Action ConnectionMachine::close() noexcept {
  closing_ = true;
  return phase_ == Phase::waiting || phase_ == Phase::head ? Action::finish : Action::wait;
}

void ConnectionMachine::ending() noexcept {
  phase_ = Phase::ending;
  deadline_ = never;
}

void ConnectionMachine::resume(Carried carried) noexcept {
  body_ = std::move(carried.body);
  expects_continue_ = carried.expects_continue;
  closing_ = carried.closing;
  input_ended_ = carried.input_ended;
  first_ = false;
  phase_ = Phase::answering;
  deadline_ = never;
}

}}}  // namespace aerie::v1::http
