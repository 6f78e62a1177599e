#include "http/connection.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>

#include <algorithm>
#include <exception>

namespace aerie { inline namespace v1 { namespace http {

namespace {

// Further requests of a peer that does not take its answers wait until it has.
constexpr std::size_t most_unsent = 256 * 1024;

}  // namespace

Connection::Connection(Hub& hub, std::unique_ptr<core::Stream> stream)
    : hub_(hub), stream_(std::move(stream)) {
  stream_->set_handler(this);
  set_deadline(hub_.options().header_timeout);
  arm();
}

Connection::~Connection() {
  if (!stream_) return;
  stream_->set_handler(nullptr);
  stream_->close();
}

void Connection::resume(Parcel parcel) {
  head_ = std::move(parcel.head);
  body_ = std::move(parcel.body);
  pending_ = std::move(parcel.pending);
  expects_continue_ = parcel.expects_continue;
  closing_ = parcel.closing;
  first_ = false;
  phase_ = Phase::answering;
  clear_deadline();
  begin();
  if (!stream_) return;
  if (takes_input() && !pending_.empty()) {
    run_pending();
  } else {
    balance_reading();
    arm();
  }
}

void Connection::close() {
  closing_ = true;
  if (phase_ != Phase::waiting && phase_ != Phase::head) return;
  if (stream_->idle()) {
    remove();
  } else {
    finish();
  }
}

bool Connection::output_is_full() const noexcept {
  return stream_->unsent() > most_unsent;
}

bool Connection::takes_input() const noexcept {
  switch (phase_) {
    case Phase::answering:
    case Phase::leaving:
      return false;
    case Phase::waiting:
    case Phase::head:
      return !running_ && !output_is_full();
    default:
      return !running_;
  }
}

void Connection::on_data(std::span<char> bytes) {
  std::string_view const text(bytes.data(), bytes.size());
  if (pending_.empty() && takes_input()) {
    run(text, nullptr);
    return;
  }
  pending_.append(text);
  if (takes_input()) {
    run_pending();
  } else {
    balance_reading();
  }
}

void Connection::run_pending() {
  auto buffer = std::exchange(pending_, {});
  run(buffer, &buffer);
}

void Connection::run(std::string_view input, std::string* storage) {
  running_ = true;
  input_ = input;
  while (stream_ && step()) {
  }
  running_ = false;
  auto const rest = std::exchange(input_, {});
  if (!stream_) return;
  if (storage != nullptr && rest.size() == storage->size()) {
    pending_ = std::move(*storage);
  } else {
    pending_.assign(rest);
  }
  balance_reading();
  arm();
}

void Connection::balance_reading() {
  // While a request is being answered reading goes on, if only to notice that the peer has left.
  auto const pause = !takes_input() && pending_.size() > hub_.options().max_pipelined_bytes;
  if (pause == paused_) return;
  paused_ = pause;
  if (pause) {
    stream_->pause_reading();
  } else {
    stream_->resume_reading();
  }
}

bool Connection::step() {
  switch (phase_) {
    case Phase::waiting:
    case Phase::head:
      return !input_.empty() && !output_is_full() && read_head();
    case Phase::body:
      return !input_.empty() && collect_body();
    case Phase::skipping:
      return !input_.empty() && skip_body();
    case Phase::ending:
      input_ = {};
      return false;
    default:
      return false;
  }
}

bool Connection::read_head() {
  if (phase_ == Phase::waiting) {
    phase_ = Phase::head;
    // The first head's time has begun with the connection.
    if (!first_) set_deadline(hub_.options().header_timeout);
  }
  auto& parser = partial_ ? *partial_ : hub_.fresh_parser();
  switch (parser.parse(input_)) {
    case HeadParser::Status::incomplete:
      if (!partial_) partial_ = std::make_unique<HeadParser>(parser);
      return false;
    case HeadParser::Status::failed:
      fail(status_of(parser.error()), to_string(parser.error()));
      return false;
    case HeadParser::Status::complete:
      break;
  }
  auto const& facts = parser.facts();
  head_ = parser.head(input_);
  expects_continue_ = facts.expects_continue();
  if (facts.chunked() || facts.content_length() > 0) body_ = std::make_unique<RequestBody>(facts);
  input_.remove_prefix(parser.size());
  partial_.reset();
  first_ = false;
  phase_ = Phase::answering;
  clear_deadline();
  begin();
  return true;
}

void Connection::begin() {
  try {
    hub_.service().begin(*this);
  } catch (std::exception const& error) {
    answer_for_service(error.what());
    return;
  } catch (...) {
    answer_for_service("an exception that is no std::exception");
    return;
  }
  if (stream_ && phase_ == Phase::answering && owner_ == nullptr && head_) {
    answer_for_service("the service has neither answered the exchange nor become its owner");
  }
}

void Connection::answer_for_service(std::string_view what) {
  hub_.shard().runtime().log().error(
      "http", head_ ? core::concat(head_.method(), " ", head_.path(), ": ", what) : std::string(what));
  if (stream_ && phase_ == Phase::answering && head_) {
    owner_ = nullptr;
    respond_and_close(500, "Content-Type: text/plain; charset=utf-8\r\n", "Internal Server Error");
  }
}

bool Connection::collect_body() {
  auto const status = body_->collect(input_, body_limit_);
  switch (status) {
    case RequestBody::Status::more:
      return false;
    case RequestBody::Status::failed:
      fail(status_of(body_->error()), to_string(body_->error()));
      return false;
    default:
      break;
  }
  phase_ = Phase::answering;
  clear_deadline();
  if (status == RequestBody::Status::too_large) {
    owner_->on_body_too_large(*this);
  } else {
    auto const body = body_->take_collected();
    body_.reset();
    owner_->on_body(*this, body);
  }
  return true;
}

bool Connection::skip_body() {
  switch (body_->skip(input_)) {
    case RequestBody::Status::more:
      return false;
    case RequestBody::Status::complete:
      body_.reset();
      phase_ = Phase::waiting;
      set_deadline(hub_.options().keep_alive_timeout);
      return true;
    default:
      finish();
      return false;
  }
}

void Connection::on_turn_end() {
  if (stream_ && !pending_.empty() && takes_input()) run_pending();
}

void Connection::on_drained() {
  if (phase_ == Phase::ending) {
    finish();
  } else if (phase_ == Phase::leaving) {
    post_leave();
  } else if (!pending_.empty()) {
    shard().at_turn_end(*this);
  }
}

void Connection::on_closed(std::error_code) {
  // The task that was to move it removes it.
  if (!move_posted_) abort();
}

void Connection::on_overflow() {
  if (move_posted_) {
    stream_->close();
  } else {
    abort();
  }
}

void Connection::abort() {
  if (auto* const owner = std::exchange(owner_, nullptr)) owner->on_aborted(*this);
  remove();
}

void Connection::remove() {
  if (!stream_) return;
  timer_.cancel();
  auto stream = std::move(stream_);
  stream->set_handler(nullptr);
  stream->close();
  shard().retire(std::move(stream));
  hub_.remove(*this);
}

void Connection::finish() {
  phase_ = Phase::ending;
  clear_deadline();
  // Before the stream is left to itself it gets as long for the last answer as for any other.
  stream_->flush();
  if (!stream_) return;
  if (!stream_->idle()) {
    arm();
    return;
  }
  timer_.cancel();
  stream_->set_handler(nullptr);
  core::Stream::finish(std::move(stream_));
  hub_.remove(*this);
}

core::TimePoint Connection::now() const {
  return shard().in_turn() ? shard().now() : shard().clock().now();
}

void Connection::set_deadline(core::Milliseconds delay) {
  deadline_ = now() + delay;
}

void Connection::arm() {
  auto due = deadline_;
  if (!stream_->idle()) {
    last_unsent_ = stream_->unsent();
    due = std::min(due, now() + hub_.options().write_stall_timeout);
  }
  if (due == core::TimePoint::max()) {
    timer_.cancel();
  } else {
    shard().timers().start(timer_, due);
  }
}

void Connection::on_deadline() {
  if (!stream_->idle() && stream_->unsent() >= last_unsent_ && now() < deadline_) {
    abort();
    return;
  }
  if (now() < deadline_) {
    arm();
    return;
  }
  switch (phase_) {
    case Phase::head:
      fail(408, "the request's head took too long to arrive");
      break;
    case Phase::body:
      fail(408, "the request's body took too long to arrive");
      break;
    case Phase::skipping:
      finish();
      break;
    default:
      abort();
  }
}

}}}  // namespace aerie::v1::http
