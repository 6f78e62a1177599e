#include "core/outgoing_socket.hpp"
#include "core/tcp_stream.hpp"

#include <aerie/core/connector.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/question.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/worker_pool.hpp>

#include <deque>
#include <mutex>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

/// What goes from the worker to the shard: behind a pointer, as g++ 12 at -O3 warns of its moves otherwise.
using Found = std::unique_ptr<Resolution>;

/// A name that is being looked up, which cannot be stopped: it is shared by the worker, and by whoever asks
/// for the same name again meanwhile, so that a name server that is down does not get one question more with
/// every attempt.
struct Connector::Query {
  explicit Query(std::string name) : host(std::move(name)) {}

  std::string const host;
  std::mutex mutex;
  Reply<Found> reply;
  bool ended = false;
};

/// One address that was asked to answer.
class Connector::Attempt final : public Pollable {
 public:
  Attempt(Race& race, OutgoingSocket socket, Endpoint endpoint)
      : race_(&race), socket_(std::move(socket)), endpoint_(std::move(endpoint)) {}

  void watch(Shard& shard) { shard.watch(socket_.get(), Readiness::write | Readiness::once, *this); }
  /// It is of no interest any more.
  void abandon(Shard& shard) noexcept {
    race_ = nullptr;
    shard.forget(socket_.get());
    socket_.close();
  }
  OutgoingSocket& socket() noexcept { return socket_; }
  Endpoint const& endpoint() const noexcept { return endpoint_; }

  void on_ready(std::uint32_t) override;
  void on_failure() override;

 private:
  Race* race_;
  OutgoingSocket socket_;
  Endpoint endpoint_;
};

/// From the call of `connect` to the answer.
class Connector::Race : private Runnable {
 public:
  Race(Connector& connector, Address address, Milliseconds deadline, Done done)
      : connector_(connector),
        shard_(connector.shard_),
        address_(std::move(address)),
        limit_(deadline),
        done_(std::move(done)),
        question_(shard_) {
    if (deadline != Milliseconds::max()) shard_.start(deadline_, deadline);
  }
  ~Race() override {
    for (auto& attempt : attempts_) {
      attempt->abandon(shard_);
      shard_.retire(std::move(attempt));
    }
  }

  void begin() {
    if (address_.path.empty()) {
      if (auto const endpoint = Endpoint::parse(address_.host, address_.port)) {
        waiting_.push_back(*endpoint);
      } else {
        resolve();
        return;
      }
    }
    // Never before `connect` has returned.
    shard_.run_soon(*this);
  }

  void answered(Attempt& attempt) {
    auto const error = attempt.socket().outcome();
    if (error == std::errc::operation_in_progress) return;
    if (error) return failed(attempt, error);
    shard_.unwatch(attempt.socket().get());
    won(std::move(attempt.socket()), attempt.endpoint());
  }
  void failed(Attempt& attempt, std::error_code error) {
    note(attempt.endpoint(), error);
    attempt.abandon(shard_);
    for (auto& candidate : attempts_) {
      if (candidate.get() != &attempt) continue;
      shard_.retire(std::move(candidate));
      std::erase(attempts_, nullptr);
      break;
    }
    try_next();
  }

 private:
  void resolve() {
    // The deadline is that of the whole race.
    auto reply = question_.ask(Milliseconds::max(), [this](std::optional<Found> found) {
      // Always; but nobody else can see that.
      if (found) resolved(**found);
    });
    if (connector_.query_ && connector_.query_->host == address_.host) {
      std::scoped_lock const lock(connector_.query_->mutex);
      if (!connector_.query_->ended) {
        connector_.query_->reply = std::move(reply);
        return;
      }
    }
    connector_.query_ = std::make_shared<Query>(address_.host);
    connector_.query_->reply = std::move(reply);
    auto work = [query = connector_.query_, lookup = connector_.lookup_] { answer(*query, lookup); };
    shard_.runtime().workers().submit_patient(std::move(work));
  }

  /// On a worker thread.
  static void answer(Query& query, Lookup const& lookup) noexcept {
    auto const wanted = [&] {
      std::scoped_lock const lock(query.mutex);
      query.ended = !query.reply.open();
      return !query.ended;
    };
    if (!wanted()) return;
    auto found = std::make_unique<Resolution>();
    try {
      *found = lookup(query.host);
    } catch (...) {
      found->error = describe(std::current_exception());
    }
    std::unique_lock lock(query.mutex);
    query.ended = true;
    auto const reply = std::move(query.reply);
    lock.unlock();
    reply(std::move(found));
  }

  void resolved(Resolution const& found) {
    if (found.addresses.empty()) {
      why_ = concat("the name does not resolve (", found.error, ")");
      error_ = std::make_error_code(std::errc::address_not_available);
      // Without worker threads this is still within `connect`.
      return shard_.run_soon(*this);
    }
    for (auto const& address : interleaved(found.addresses))
      waiting_.push_back(*Endpoint::parse(address.address(), address_.port));
    shard_.run_soon(*this);
  }

  void run() override {
    if (!address_.path.empty() && !std::exchange(local_tried_, true)) return connect_locally();
    try_next();
  }

  void connect_locally() {
    std::error_code error;
    auto socket = OutgoingSocket::local(address_.path, error);
    if (!error) return won(std::move(socket), Endpoint{});
    error_ = error;
    why_ = error.message();
    lost();
  }

  void try_next() {
    next_.cancel();
    while (!waiting_.empty()) {
      auto const endpoint = waiting_.front();
      waiting_.pop_front();
      std::error_code error;
      auto socket = OutgoingSocket::remote(endpoint, error);
      if (error == std::errc::operation_in_progress) {
        attempts_.push_back(std::make_unique<Attempt>(*this, std::move(socket), endpoint));
        error = watch(*attempts_.back());
        if (!error) {
          if (!waiting_.empty()) shard_.start(next_, attempt_delay);
          return;
        }
        attempts_.pop_back();
      } else if (!error) {
        return won(std::move(socket), endpoint);
      }
      note(endpoint, error);
    }
    if (attempts_.empty()) lost();
  }
  std::error_code watch(Attempt& attempt) {
    try {
      attempt.watch(shard_);
      return {};
    } catch (std::system_error const& refused) {
      return refused.code();
    }
  }

  void note(Endpoint const& endpoint, std::error_code error) {
    error_ = error;
    if (!why_.empty()) why_ += "; ";
    why_ += endpoint.address() == address_.host ? error.message()
                                                : concat(endpoint.address(), ": ", error.message());
  }

  void on_deadline() {
    auto const what = question_.pending() ? "its name was not resolved" : "nobody answered";
    if (!why_.empty()) why_ += "; ";
    why_ += concat(what, " in ", std::to_string(limit_.count()), " ms");
    error_ = std::make_error_code(std::errc::timed_out);
    lost();
  }

  void won(OutgoingSocket socket, Endpoint const& endpoint) {
    auto stream = std::make_unique<TcpStream>(shard_, socket.release(), endpoint);
    try {
      stream->enter(shard_);
    } catch (std::system_error const& refused) {
      note(endpoint, refused.code());
      return lost();
    }
    finish({.stream = std::move(stream), .error = {}, .reason = {}});
  }
  void lost() {
    finish(
        {.stream = {}, .error = error_, .reason = concat("cannot connect to ", address_.text(), ": ", why_)});
  }
  /// The last thing it does: the race, and perhaps the connector, are gone afterwards.
  void finish(Connected result) {
    auto const done = std::move(done_);
    auto const race = std::move(connector_.race_);
    done(std::move(result));
  }

  Connector& connector_;
  Shard& shard_;
  Address address_;
  Milliseconds limit_;
  Done done_;
  Question<Found> question_;
  std::deque<Endpoint> waiting_;
  std::vector<std::unique_ptr<Attempt>> attempts_;
  std::error_code error_;
  std::string why_;
  bool local_tried_ = false;
  Timer next_ = Timer::calling<&Race::try_next>(this);
  Timer deadline_ = Timer::calling<&Race::on_deadline>(this);
};

void Connector::Attempt::on_ready(std::uint32_t) {
  if (race_ != nullptr) race_->answered(*this);
}

void Connector::Attempt::on_failure() {
  if (race_ != nullptr) race_->failed(*this, std::make_error_code(std::errc::io_error));
}

Connector::Connector(Shard& shard, Lookup lookup) : shard_(shard), lookup_(std::move(lookup)) {}

Connector::~Connector() = default;

void Connector::connect(Address address, Milliseconds deadline, Done done) {
  race_ = std::make_unique<Race>(*this, std::move(address), deadline, std::move(done));
  race_->begin();
}

void Connector::cancel() noexcept {
  race_.reset();
}

bool Connector::pending() const noexcept {
  return race_ != nullptr;
}

}}}  // namespace aerie::v1::core
