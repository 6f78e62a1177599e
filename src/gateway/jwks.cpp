#include <aerie/core/anchor.hpp>
#include <aerie/core/completion.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/question.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/task_context.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/jwks.hpp>
#include <aerie/http/fetch.hpp>

#include <atomic>
#include <fstream>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

namespace {

constexpr core::Milliseconds longest_time = std::chrono::hours{24 * 30};

void require_time(std::string_view name, core::Milliseconds value, core::Milliseconds least) {
  if (value >= least && value <= longest_time) return;
  throw gateway::StartError(core::concat("aerie: JwksOptions::", name, " is ", std::to_string(value.count()),
                                         " ms; use ", std::to_string(least.count()), " ms to 30 days"));
}

JwksOptions checked_jwks(JwksOptions options) {
  constexpr core::Milliseconds least{1};
  require_time("refresh", options.refresh, least);
  require_time("pause", options.pause, core::Milliseconds{0});
  require_time("keep", options.keep, least);
  require_time("timeout", options.timeout, least);
  auto const sources = int{!options.url.empty()} + int{!options.file.empty()} + int{options.read != nullptr};
  if (sources != 1) {
    throw gateway::StartError(
        "aerie: JwksOptions has to say once where the keys are; set one of .url, .file and .read");
  }
  if (options.url.empty()) return options;
  auto const url = http::FetchUrl::parse(options.url);
  if (!url) {
    throw gateway::StartError(
        "aerie: JwksOptions::url is no URL such as https://login.example/.well-known/jwks.json");
  }
  if (!url->secure && !options.allow_http) {
    throw gateway::StartError(
        "aerie: JwksOptions::url is http, so that whoever stands in between could sign tokens; use https, or "
        "set .allow_http for a network that nobody else is in");
  }
  return options;
}

http::ResponseLimits response_limits(JwksOptions const& options) {
  http::ResponseLimits limits;
  limits.max_body_bytes = options.limits.max_bytes;
  return limits;
}

std::string text_of_file(std::string const& name, std::size_t most) {
  std::ifstream file(name, std::ios::binary);
  std::string text(most + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (file.fail() && !file.eof()))
    throw std::runtime_error("the file cannot be read: " + name);
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

/// Reads on the first shard; what it has read is for all.
class JwksSource::State {
 public:
  State(Runtime& runtime, JwksOptions options)
      : runtime_(runtime),
        options_(checked_jwks(std::move(options))),
        anchor_(runtime.shard(0)),
        home_(anchor_.ref()),
        answered_(runtime.shard(0)),
        tasks_(runtime.shard(0)) {
    if (options_.url.empty()) return;
    fetcher_.emplace(runtime.shard(0), options_.tls, response_limits(options_));
  }

  core::AnchorRef const& home() const noexcept { return home_; }

  std::shared_ptr<auth::KeySet const> keys() const {
    std::scoped_lock const lock(mutex_);
    return is_older_than(options_.keep) ? nullptr : keys_;
  }
  bool wants_to_read(std::string_view key_id) const {
    std::scoped_lock const lock(mutex_);
    auto const is_known = keys_ != nullptr && find(key_id) != nullptr;
    if (is_known && !is_older_than(options_.refresh)) return false;
    return is_reading_ || !begun_at_ || now() - *begun_at_ >= options_.pause;
  }
  std::size_t readings() const noexcept { return readings_.load(std::memory_order_relaxed); }

  /// On the first shard.
  void begin(core::Completer<void> ended) {
    waiting_.push_back(std::move(ended));
    if (!try_to_begin()) return is_reading_ ? void() : tell();
    readings_.fetch_add(1, std::memory_order_relaxed);
    auto const reply = answered_.ask(options_.timeout, [this](std::optional<Read> read) { take(read); });
    core::start(text(), tasks_, [reply](core::Outcome<std::string>&& outcome) noexcept {
      Read read;
      if (outcome.has_value()) {
        read.text = std::move(outcome).take();
      } else {
        read.error = core::describe(outcome.error());
      }
      reply(std::move(read));
    });
  }

 private:
  struct Read {
    std::string text{};
    std::string error{};
  };

  core::TimePoint now() const noexcept { return runtime_.clock().now(); }
  bool is_older_than(core::Milliseconds age) const noexcept {
    return keys_ == nullptr || now() - read_at_ >= age;
  }
  auth::Key const* find(std::string_view key_id) const {
    return key_id.empty() ? keys_->find(std::nullopt) : keys_->find(key_id);
  }
  bool try_to_begin() {
    std::scoped_lock const lock(mutex_);
    if (is_reading_ || (begun_at_ && now() - *begun_at_ < options_.pause)) return false;
    is_reading_ = true;
    begun_at_ = now();
    return true;
  }

  Task<std::string> text() {
    if (options_.read) {
      auto task = options_.read();
      co_return co_await std::move(task);
    }
    if (!options_.file.empty()) co_return text_of_file(options_.file, options_.limits.max_bytes);
    auto answer = fetch();
    co_return co_await std::move(answer);
  }
  Task<std::string> fetch() {
    http::FetchRequest request;
    request.url = *http::FetchUrl::parse(options_.url);
    request.headers = {{"Accept", "application/json"}};
    request.timeout = options_.timeout;
    core::Completion<http::FetchResult> answered;
    // What had no answer in time is given up.
    fetcher_->cut();
    fetcher_->send(std::move(request), answered.completer());
    auto result = co_await answered;
    if (result.head.status == 0) throw std::runtime_error(result.error);
    if (result.head.status != 200) {
      throw std::runtime_error("it was answered with status " + std::to_string(result.head.status));
    }
    co_return std::move(result.body);
  }

  void take(std::optional<Read> const& read) {
    auto error = read ? read->error : std::string("it was not answered in time");
    if (!read) tasks_.cancel();
    auth::Jwks jwks;
    if (error.empty()) {
      try {
        jwks = auth::read_jwks(read->text, options_.limits);
        if (jwks.keys.empty()) error = "it has no key that verifies signatures";
      } catch (std::invalid_argument const& refused) {
        error = refused.what();
      }
    }
    {
      std::scoped_lock const lock(mutex_);
      is_reading_ = false;
      if (error.empty()) {
        keys_ = std::make_shared<auth::KeySet const>(std::move(jwks.keys));
        read_at_ = now();
      }
    }
    say(error, jwks.ignored);
    tell();
  }
  void say(std::string const& error, std::vector<std::string> const& ignored) const {
    auto const& log = runtime_.log();
    if (!error.empty()) {
      log.warning("jwt", core::concat("the keys of ", where(), " cannot be read: ", error));
    }
    for (auto const& each : ignored)
      log.debug("jwt", core::concat("of the keys of ", where(), " one is not used, ", each));
  }
  std::string where() const {
    if (options_.read) return "the application";
    return options_.file.empty() ? options_.url : options_.file;
  }
  void tell() {
    auto waiting = std::exchange(waiting_, {});
    for (auto& each : waiting)
      each();
  }

  Runtime& runtime_;
  JwksOptions options_;
  std::mutex mutable mutex_;
  std::shared_ptr<auth::KeySet const> keys_;
  core::TimePoint read_at_{};                // these keys
  std::optional<core::TimePoint> begun_at_;  // the last reading
  bool is_reading_ = false;
  std::atomic<std::size_t> readings_{0};
  // Of the first shard.
  std::optional<http::Fetcher> fetcher_;
  std::vector<core::Completer<void>> waiting_;
  core::Anchor anchor_;
  core::AnchorRef home_;
  core::Question<Read> answered_;
  core::TaskContext tasks_;
};

JwksSource::JwksSource(Runtime& runtime, JwksOptions options)
    : state_(std::make_unique<State>(runtime, std::move(options))) {}
JwksSource::~JwksSource() = default;

std::shared_ptr<auth::KeySet const> JwksSource::keys() const {
  return state_->keys();
}

bool JwksSource::wants_to_read(std::string_view key_id) const {
  return state_->wants_to_read(key_id);
}

Task<void> JwksSource::read() {
  core::Completion<> ended;
  state_->home().run(
      [state = state_.get(), give = ended.completer()]() mutable { state->begin(std::move(give)); });
  try {
    co_await ended;
  } catch (core::NeverCompleted const&) {
    // The application ends.
  }
}

std::size_t JwksSource::readings() const noexcept {
  return state_->readings();
}

}}  // namespace aerie::v1
