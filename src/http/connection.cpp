#include "http/connection.hpp"

#include "http/forwarded.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/user_code.hpp>

#include <limits>
#include <utility>

namespace aerie { inline namespace v1 { namespace http {

namespace {

// What waits is bounded here by beginning no further request, so an answer of any size may wait behind a part
// of another.
constexpr std::size_t no_limit = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t usual_limit = std::size_t{1} << 20U;
constexpr std::size_t few = 15;

}  // namespace

Connection::Connection(Hub& hub, std::unique_ptr<core::Stream> stream)
    : hub_(hub), stream_(std::move(stream)), machine_(hub.options(), now()) {
  stream_->set_handler(this);
  stream_->set_limit(no_limit);
  arm();
}

Connection::~Connection() {
  if (!stream_) return;
  stream_->set_handler(nullptr);
  stream_->close();
}

void Connection::resume(Parcel parcel) {
  head_ = std::move(parcel.head);
  pending_ = std::move(parcel.pending);
  account_for_pending();
  machine_.resume(std::move(parcel.state));
  begin();
  if (!stream_) return;
  if (takes_input()) {
    run_pending();
  } else {
    balance_reading();
    arm();
  }
}

template <class F>
void Connection::ask(F&& call) {
  auto const outcome = core::try_user(std::forward<F>(call));
  if (!outcome) answer_for_service(core::describe(outcome.error()));
}

void Connection::close() {
  if (machine_.close() != Action::finish) {
    if (owner_ == nullptr || !machine_.is_answering()) return;
    return ask([this] {
      auto exchange = handle();
      owner_->on_closing(exchange);
    });
  }
  if (stream_->idle()) {
    remove();
  } else {
    finish();
  }
}

// --- Input

void Connection::on_data(std::span<char> bytes) {
  std::string_view const text(bytes.data(), bytes.size());
  if (pending_.empty() && takes_input()) {
    run(text, nullptr);
    return;
  }
  pending_.append(text);
  account_for_pending();
  if (takes_input()) {
    run_pending();
  } else {
    balance_reading();
  }
}

bool Connection::on_end() {
  machine_.input_ended();
  if (!abort_if_peer_has_left() && takes_input()) run_pending();
  return true;
}

/// True if the peer's end is the end of the request at hand: a connection that is upgraded would end at once,
/// and whoever polls has left.
bool Connection::abort_if_peer_has_left() {
  if (owner_ == nullptr || !machine_.input_has_ended()) return false;
  if (!head_.upgrade_requested() && owner_->answers_after_end()) return false;
  abort();
  return true;
}

void Connection::run_pending() {
  auto buffer = std::exchange(pending_, {});
  run(buffer, &buffer);
}

void Connection::run(std::string_view input, std::string* storage) {
  running_ = true;
  input_ = input;
  while (stream_ && take_step()) {
  }
  running_ = false;
  auto const rest = std::exchange(input_, {});
  if (!stream_) return;
  if (storage != nullptr && rest.size() == storage->size()) {
    pending_ = std::move(*storage);
  } else {
    pending_.assign(rest);
  }
  account_for_pending();
  balance_reading();
  arm();
}

bool Connection::take_step() {
  auto const action = machine_.next(input_, hub_.fresh_parser(), output(), now());
  act(action);
  return action != Action::wait;
}

void Connection::act(Action action) {
  switch (action) {
    case Action::wait:
      return;
    case Action::request:
      head_ = machine_.take_head();
      if (!hub_.proxies().empty()) Forwarded::trust(head_, stream_->peer(), hub_.proxies());
      return begin();
    case Action::body:
      return ask([this] {
        auto const body = machine_.take_body();
        auto exchange = handle();
        owner_->on_body(exchange, body);
      });
    case Action::body_too_large:
      return ask([this] {
        auto exchange = handle();
        owner_->on_body_too_large(exchange);
      });
    case Action::refuse:
      return refuse();
    case Action::finish:
      return finish();
    case Action::abort:
      // What is encrypted already may still be on its way.
      if (stream_->idle() && stream_->blocked() && owner_ == nullptr) return finish();
      return abort();
  }
}

void Connection::account_for_pending() noexcept {
  // A few bytes cost nothing: they stand in the connection.
  auto const held = pending_.size() <= few ? 0U : static_cast<std::uint32_t>(pending_.capacity());
  if (held == charged_) return;
  shard().account().charge(std::size_t{held} - charged_);
  charged_ = held;
}

void Connection::removed() noexcept {
  shard().account().credit(std::exchange(charged_, 0));
}

void Connection::balance_reading() {
  // While a request is being answered reading goes on, if only to notice that the peer has left.
  auto const pause = pending_.size() > hub_.options().max_pipelined_bytes && !takes_input();
  if (pause == paused_) return;
  paused_ = pause;
  if (pause) {
    stream_->pause_reading();
  } else {
    stream_->resume_reading();
  }
}

// --- Requests

core::Endpoint Connection::peer() const {
  return head_ ? Forwarded(head_).client(stream_->peer()) : stream_->peer();
}

bool Connection::secure() const noexcept {
  auto const forwarded = head_ ? Forwarded(head_).secure() : std::nullopt;
  return forwarded.value_or(stream_->secure());
}

void Connection::begin() {
  ask([this] {
    auto exchange = handle();
    hub_.service().begin(exchange);
  });
  if (stream_ && machine_.is_answering() && owner_ == nullptr && head_ && !move_) {
    answer_for_service("the service has neither answered the exchange nor become its owner");
  }
  if (stream_) abort_if_peer_has_left();
}

void Connection::answer_for_service(std::string_view what) {
  shard().runtime().log().error(
      "http", head_ ? core::concat(head_.method(), " ", head_.path(), ": ", what) : std::string(what));
  if (!stream_ || !machine_.has_request() || !head_) return;
  owner_ = nullptr;
  respond_and_close(500, "Content-Type: text/plain; charset=utf-8\r\n", "Internal Server Error");
}

void Connection::refuse() {
  abandon_exchange();
  if (!stream_) return;
  auto const status = machine_.refused_status();
  auto const body = core::concat(reason_phrase(status), ": ", machine_.refused_because(), "\n");
  std::string_view const part = body;
  write_response(status, "Content-Type: text/plain; charset=utf-8\r\n", {&part, 1}, true);
  end_exchange(true);
}

// --- Output and time

void Connection::on_turn_end() {
  if (stream_ && !move_ && takes_input()) run_pending();
}

void Connection::on_drained() {
  machine_.output_drained(now());
  if (machine_.is_ending()) return finish();
  if (move_) return post_leave();
  if (takes_input()) {
    if (has_more_to_do()) shard().at_turn_end(*this);
  } else if (machine_.is_answering() && owner_ != nullptr) {
    ask([this] {
      auto exchange = handle();
      owner_->on_room(exchange);
    });
  }
  if (stream_) arm();
}

core::TimePoint Connection::now() const {
  return shard().in_turn() ? shard().now() : shard().clock().now();
}

void Connection::arm() {
  auto const due = machine_.due(output());
  if (due == core::TimePoint::max()) {
    timer_.cancel();
  } else {
    shard().timers().start(timer_, due);
  }
}

void Connection::on_deadline() {
  // The kernel tells of room in large steps; what little there is shows whether the peer takes anything.
  if (!stream_->idle()) stream_->flush();
  if (!stream_) return;
  auto const action = machine_.overdue(output(), now());
  act(action);
  if (stream_ && action == Action::wait) arm();
}

// --- The end

void Connection::abandon_exchange() {
  cut_handles();
  auto* const owner = std::exchange(owner_, nullptr);
  if (owner == nullptr) return;
  Exchange over;
  core::call_user(hub_.shard().runtime().log(), {"http", "an exchange's owner"},
                  [&] { owner->on_aborted(over); });
}

void Connection::abort() {
  abandon_exchange();
  remove();
}

void Connection::remove() {
  cut_handles();
  if (!stream_) return;
  timer_.cancel();
  auto stream = std::move(stream_);
  stream->set_handler(nullptr);
  stream->close();
  shard().retire(std::move(stream));
  hub_.remove(*this);
}

void Connection::finish() {
  machine_.ending();
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

// --- To another protocol, to another shard

std::unique_ptr<core::Stream> Connection::take_over(std::string& already_read) {
  cut_handles();
  already_read.assign(running_ ? input_ : std::string_view(pending_));
  timer_.cancel();
  stream_->set_handler(nullptr);
  stream_->set_limit(usual_limit);
  if (paused_) stream_->resume_reading();
  auto stream = std::move(stream_);
  hub_.remove(*this);
  return stream;
}

void Connection::continue_on(core::Shard& target) {
  cut_handles();
  owner_ = nullptr;
  move_ = std::make_unique<Move>(shard(), target);
  timer_.cancel();
  post_leave();
}

void Connection::post_leave() {
  // What is posted may run in this very turn, what that posts only in the next: when nothing refers to the
  // stream.
  auto const ref = move_->anchor.ref();
  ref.post([this, ref] { ref.post([this] { leave(); }); });
}

void Connection::leave() {
  if (!stream_) return;
  if (!stream_->settled()) {
    if (stream_->blocked()) {
      arm();  // `on_drained` tries again.
    } else {
      post_leave();
    }
    return;
  }
  timer_.cancel();
  stream_->set_handler(nullptr);
  stream_->leave();
  auto& target = move_->target;
  Parcel parcel{std::move(stream_), std::move(head_), machine_.carry(), std::move(pending_)};
  auto server = hub_.owner().shared_from_this();
  hub_.remove(*this);
  target.post([server = std::move(server), &target, parcel = std::move(parcel)]() mutable {
    if (!server->gone()) server->hub_of(target).receive(std::move(parcel));
  });
}

}}}  // namespace aerie::v1::http
