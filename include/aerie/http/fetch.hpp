#pragma once

/// \file
/// HTTP requests that a program makes of others: a collector of traces, a server of keys. For what is asked
/// now and then, not for load.

#include <aerie/core/anchor.hpp>
#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/connector.hpp>
#include <aerie/core/function.hpp>
#include <aerie/core/stream.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/http/response_decoder.hpp>
#include <aerie/tls/client_options.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

namespace tls {
class Context;
}

namespace http {

/// `https://host:port/path?query`, taken apart.
struct AERIE_API FetchUrl {
  /// `https`.
  bool secure = false;
  /// A name, or an address (of IPv6 without its brackets).
  std::string host{};
  /// The one that is named, or the scheme's own.
  std::uint16_t port = 80;
  /// As the Host header says it.
  std::string authority{};
  /// Path and query.
  std::string target{};

  /// Nothing for anything but an absolute http or https URL in printable ASCII, without a user and without a
  /// fragment.
  static std::optional<FetchUrl> parse(std::string_view text);
  bool operator==(FetchUrl const&) const = default;
};

/// A request to another server.
struct FetchRequest {
  /// As it is sent.
  std::string method = "GET";
  /// Where it goes.
  FetchUrl url{};
  /// Beside Host, Connection and Content-Length.
  std::vector<std::pair<std::string, std::string>> headers{};
  /// Sent as it is, with its Content-Length.
  std::string body{};
  /// For all of it, from the look-up of the name to the last byte of the answer.
  core::Milliseconds timeout{10'000};
};

/// What has come of a request.
struct FetchResult {
  /// Of which the status is 0 if there is no answer.
  ResponseHead head{};
  /// All of it, without its chunks.
  std::string body{};
  /// Why there is none, in a sentence.
  std::string error{};
};

/// Sends one request at a time, each over a connection of its own or the last one's, if the server keeps
/// that. Redirections are not followed. Belongs to its shard; may be destroyed at any time, also by the
/// callback, which is not called afterwards.
class AERIE_API Fetcher final : private core::StreamHandler {
 public:
  /// Called once with what has come of the request.
  using Done = UniqueFunction<void(FetchResult)>;

  /// A server that has kept a connection without a request for longer may be about to end it.
  static constexpr core::Milliseconds longest_idle{4'000};

  /// `limits`: what of an answer is read. Throws std::runtime_error if the TLS options cannot be used.
  explicit Fetcher(core::Shard& shard, tls::ClientOptions const& tls = {}, ResponseLimits const& limits = {},
                   core::Lookup lookup = core::look_up);
  ~Fetcher() override;

  /// Whether a request is under way.
  bool busy() const noexcept { return static_cast<bool>(done_); }
  /// Calls `done` once, in a later turn. Throws std::invalid_argument for a header that would be several
  /// lines. REQUIRES: not busy.
  void send(FetchRequest request, Done done);
  /// Ends the connection, and what is under way; nobody is called.
  void cut() noexcept;

 private:
  void on_data(std::span<char> bytes) override;
  void on_closed(std::error_code reason) override;
  void on_overflow() override;

  void connected(core::Connected result);
  void write();
  void take(std::string_view input);
  void drop() noexcept;
  void on_timeout() { finish({.error = "it was not answered in time"}); }
  void finish(FetchResult result);

  core::Shard& shard_;
  std::shared_ptr<tls::Context const> tls_;
  ResponseDecoder decoder_;
  core::Connector connector_;
  core::Anchor anchor_;
  std::unique_ptr<core::Stream> stream_;
  FetchUrl connected_to_{};
  FetchRequest request_{};
  std::string body_;
  Done done_;
  std::uint64_t number_ = 0;  // of the request
  bool finished_ = false;
  bool reused_ = false;
  core::TimePoint idle_since_{};
  core::Timer timeout_ = core::Timer::calling<&Fetcher::on_timeout>(this);
};

}  // namespace http
}}  // namespace aerie::v1
