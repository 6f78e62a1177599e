#include "client/http_channel.hpp"

#include "client/cookie_jar.hpp"

#include <aerie/core/log.hpp>
#include <aerie/http/request_head.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace client {

std::string request_head(TransportSettings const& settings, std::string_view method, std::string_view target,
                         std::string_view lines) {
  auto const& extra = settings.options.extra_headers;
  auto const is_given = [&](std::string_view name) {
    return std::ranges::any_of(extra,
                               [&](auto const& line) { return http::equal_ignoring_case(line.first, name); });
  };
  auto head = core::concat(method, " ", target, " HTTP/1.1\r\n");
  if (!is_given("host")) head += core::concat("Host: ", settings.authority, "\r\n");
  if (!is_given("user-agent")) head += "User-Agent: aerie\r\n";
  if (!is_given("accept")) head += "Accept: */*\r\n";
  auto cookies = settings.cookies != nullptr ? settings.cookies->header(settings.shard.clock().wall()) : "";
  for (auto const& [name, value] : extra) {
    if (!cookies.empty() && http::equal_ignoring_case(name, "cookie")) {
      cookies = core::concat(value, "; ", cookies);
    } else {
      head += core::concat(name, ": ", value, "\r\n");
    }
  }
  if (!cookies.empty()) head += core::concat("Cookie: ", cookies, "\r\n");
  return head.append(lines).append("\r\n");
}

HttpChannel::HttpChannel(Settings settings)
    : settings_(std::move(settings)),
      decoder_({.max_body_bytes = settings_->options.max_message_size}),
      dial_(settings_->shard) {}

HttpChannel::~HttpChannel() {
  cut();
}

void HttpChannel::send(std::string_view method, std::string target, std::string body,
                       core::Milliseconds timeout, Done done) {
  done_ = std::move(done);
  body_.clear();
  auto const lines = method == "POST"
                         ? core::concat("Content-Type: text/plain;charset=UTF-8\r\nContent-Length: ",
                                        std::to_string(body.size()), "\r\n")
                         : std::string();
  request_ = request_head(*settings_, method, target, lines);
  request_ += body;
  if (timeout > core::Milliseconds{0}) settings_->shard.start(timeout_, timeout);
  if (stream_ && settings_->shard.now() - idle_since_ > longest_idle) drop();
  if (stream_) {
    write();
  } else {
    dial();
  }
}

void HttpChannel::dial() {
  dial_.begin(*settings_->dialer, [this](core::Connected result) { connected(std::move(result)); });
}

void HttpChannel::connected(core::Connected result) {
  if (!result.stream) return finish({.error = std::move(result.reason)});
  stream_ = std::move(result.stream);
  stream_->set_limit(settings_->options.outgoing_limit);
  stream_->set_handler(this);
  write();
}

void HttpChannel::write() {
  decoder_.begin();
  stream_->write(request_);
  request_.clear();
}

void HttpChannel::on_data(std::span<char> bytes) {
  std::string_view input(bytes.data(), bytes.size());
  // Nobody has asked for it.
  if (!busy()) return drop();
  while (true) {
    auto const step = decoder_.next(input);
    switch (step.status) {
      case http::ResponseDecoder::Status::more:
        return;
      case http::ResponseDecoder::Status::head:
        take_cookies();
        break;
      case http::ResponseDecoder::Status::data:
        body_ += step.data;
        break;
      case http::ResponseDecoder::Status::complete:
        if (!input.empty() || !decoder_.head().keep_alive || decoder_.head().status == 101) drop();
        return answered();
      case http::ResponseDecoder::Status::failed:
        drop();
        return finish({.error = core::concat("the response ", decoder_.error())});
    }
  }
}

void HttpChannel::on_closed(std::error_code reason) {
  drop();
  if (!busy()) return;
  if (decoder_.end_of_input()) return answered();
  finish({.error = reason ? reason.message() : "the server has closed the connection"});
}

void HttpChannel::on_overflow() {
  drop();
  if (busy()) finish({.error = "the server takes less than it is sent: Options::outgoing_limit"});
}

void HttpChannel::take_cookies() {
  if (settings_->cookies == nullptr) return;
  for (auto const& [name, value] : decoder_.head().headers) {
    if (http::equal_ignoring_case(name, "set-cookie"))
      settings_->cookies->take(value, settings_->shard.clock().wall());
  }
}

void HttpChannel::answered() {
  idle_since_ = settings_->shard.now();
  finish({.status = decoder_.head().status, .body = std::move(body_)});
}

void HttpChannel::finish(HttpResult result) {
  timeout_.cancel();
  if (result.status == 0) {
    dial_.cut();
    drop();
  }
  // It may send the next one.
  auto const done = std::exchange(done_, nullptr);
  done(std::move(result));
}

void HttpChannel::drop() noexcept {
  if (!stream_) return;
  stream_->close();
  settings_->shard.retire(std::move(stream_));
}

void HttpChannel::cut() noexcept {
  timeout_.cancel();
  dial_.cut();
  drop();
  done_ = nullptr;
}

}}}  // namespace aerie::v1::client
