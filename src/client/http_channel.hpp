#pragma once

/// \file
/// A connection of a client's over which it sends HTTP requests, one at a time. Belongs to one shard.

#include "client/dialer.hpp"
#include "client/transport.hpp"

#include <aerie/core/function.hpp>
#include <aerie/core/stream.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/http/response_decoder.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace client {

/// What has come of a request.
struct HttpResult {
  /// 0 if there is no answer.
  int status = 0;
  std::string body = {};
  /// Why there is none.
  std::string error = {};

  bool ok() const noexcept { return status == 200; }
};

/// The head of a request, up to and with the empty line. `lines` are whole lines of its own.
std::string request_head(TransportSettings const& settings, std::string_view method, std::string_view target,
                         std::string_view lines);

/// The connection is made with the first request, is kept between two of them as long as no server has given
/// it up, and is made anew after that. Whoever owns it is destroyed by `Shard::retire`.
class HttpChannel final : private core::StreamHandler {
 public:
  using Done = UniqueFunction<void(HttpResult)>;

  /// A server keeps a connection open without a request for 5 seconds at least (Node.js does so long): one
  /// that has been idle for nearly as long is not used again, as the next request might not arrive.
  static constexpr core::Milliseconds longest_idle{4000};

  explicit HttpChannel(Settings settings);
  ~HttpChannel() override;

  /// Sends a request, with a body if it is a POST, and calls `done` once, unless the channel is cut before;
  /// after `timeout` at the latest, if that is not 0. REQUIRES: not busy.
  void send(std::string_view method, std::string target, std::string body, core::Milliseconds timeout,
            Done done);
  bool busy() const noexcept { return static_cast<bool>(done_); }
  /// Ends the connection, and what is under way.
  void cut() noexcept;

 private:
  void on_data(std::span<char> bytes) override;
  void on_closed(std::error_code reason) override;
  void on_overflow() override;

  void dial();
  void connected(core::Connected result);
  void write();
  void drop() noexcept;
  void on_timeout() { finish({.error = "it was not answered in time"}); }
  void take_cookies();
  void answered();
  void finish(HttpResult result);

  Settings settings_;
  http::ResponseDecoder decoder_;
  Dial dial_;
  std::unique_ptr<core::Stream> stream_;
  std::string request_;  // until there is a connection
  std::string body_;
  Done done_;
  core::TimePoint idle_since_{};
  core::Timer timeout_ = core::Timer::calling<&HttpChannel::on_timeout>(this);
};

}}}  // namespace aerie::v1::client
