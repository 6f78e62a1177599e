#include <aerie/core/log.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/http/fetch.hpp>
#include <aerie/tls/context.hpp>
#include <aerie/tls/stream.hpp>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace aerie { inline namespace v1 { namespace http {

namespace {

bool is_printable(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

/// Of an authority, the port behind the host. False if that is none.
bool read_port(std::string_view text, std::uint16_t& port) noexcept {
  auto const* const end = text.data() + text.size();
  auto const [behind, error] = std::from_chars(text.data(), end, port);
  return error == std::errc() && behind == end && port != 0;
}

void require_one_line(std::string_view text, std::string_view what) {
  auto const breaks = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
  if (std::ranges::none_of(text, breaks)) return;
  throw std::invalid_argument(
      core::concat("aerie: ", what, " of a request contains a line break or a NUL; leave it out"));
}

std::string head_of(FetchRequest const& request) {
  require_one_line(request.method, "the method");
  auto head = core::concat(request.method, " ", request.url.target,
                           " HTTP/1.1\r\nHost: ", request.url.authority, "\r\n");
  for (auto const& [name, value] : request.headers) {
    require_one_line(name, "a header");
    require_one_line(value, "a header");
    head += core::concat(name, ": ", value, "\r\n");
  }
  if (!request.body.empty() || request.method != "GET")
    head += core::concat("Content-Length: ", std::to_string(request.body.size()), "\r\n");
  return head += "\r\n";
}

}  // namespace

std::optional<FetchUrl> FetchUrl::parse(std::string_view text) {
  constexpr std::string_view plain = "http://";
  constexpr std::string_view secure_scheme = "https://";
  constexpr std::uint16_t https_port = 443;
  FetchUrl url;
  if (!is_printable(text) || text.find('#') != std::string_view::npos) return std::nullopt;
  if (text.starts_with(plain)) {
    text.remove_prefix(plain.size());
  } else if (text.starts_with(secure_scheme)) {
    text.remove_prefix(secure_scheme.size());
    url.secure = true;
    url.port = https_port;
  } else {
    return std::nullopt;
  }
  auto const end = std::min(text.find_first_of("/?"), text.size());
  auto const authority = text.substr(0, end);
  auto const rest = text.substr(end);
  url.target = rest.starts_with('/') ? std::string(rest) : core::concat("/", rest);
  if (authority.find('@') != std::string_view::npos) return std::nullopt;
  auto host = authority;
  auto port = std::string_view();
  if (authority.starts_with('[')) {
    auto const close = authority.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    host = authority.substr(1, close - 1);
    port = authority.substr(close + 1);
  } else if (auto const colon = authority.find(':'); colon != std::string_view::npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  if (host.empty()) return std::nullopt;
  if (!port.empty() && (port.front() != ':' || !read_port(port.substr(1), url.port))) return std::nullopt;
  url.host = host;
  url.authority = authority;
  return url;
}

Fetcher::Fetcher(core::Shard& shard, tls::ClientOptions const& tls, ResponseLimits const& limits,
                 core::Lookup lookup)
    : shard_(shard),
      tls_(tls::Context::client(tls)),
      decoder_(limits),
      connector_(shard, std::move(lookup)),
      anchor_(shard) {}

Fetcher::~Fetcher() {
  cut();
}

void Fetcher::send(FetchRequest request, Done done) {
  // Before anything has begun.
  static_cast<void>(head_of(request));
  request_ = std::move(request);
  done_ = std::move(done);
  body_.clear();
  ++number_;
  finished_ = false;
  shard_.start(timeout_, request_.timeout);
  auto const fits = stream_ && request_.url.authority == connected_to_.authority &&
                    request_.url.secure == connected_to_.secure && shard_.now() - idle_since_ <= longest_idle;
  if (stream_ && !fits) drop();
  reused_ = fits;
  if (fits) return write();
  connector_.connect({.host = request_.url.host, .port = request_.url.port}, request_.timeout,
                     [this](core::Connected result) { connected(std::move(result)); });
}

void Fetcher::connected(core::Connected result) {
  if (!result.stream) return finish({.error = std::move(result.reason)});
  stream_ = std::move(result.stream);
  if (request_.url.secure) stream_ = tls::connect(std::move(stream_), tls_, request_.url.host);
  connected_to_ = request_.url;
  stream_->set_handler(this);
  write();
}

void Fetcher::write() {
  decoder_.begin(request_.method == "HEAD");
  stream_->set_limit(std::max<std::size_t>(std::size_t{1} << 20U, 2 * request_.body.size()));
  stream_->write(head_of(request_));
  stream_->write(request_.body);
}

void Fetcher::on_data(std::span<char> bytes) {
  // Nobody has asked for it.
  if (!busy() || finished_) return drop();
  take({bytes.data(), bytes.size()});
}

void Fetcher::take(std::string_view input) {
  while (true) {
    auto const step = decoder_.next(input);
    switch (step.status) {
      case ResponseDecoder::Status::more:
        return;
      case ResponseDecoder::Status::head:
        break;
      case ResponseDecoder::Status::data:
        body_ += step.data;
        break;
      case ResponseDecoder::Status::complete:
        if (!input.empty() || !decoder_.head().keep_alive || decoder_.head().status == 101) drop();
        return finish({.head = decoder_.head(), .body = std::move(body_)});
      case ResponseDecoder::Status::failed:
        drop();
        return finish({.error = core::concat("the response ", decoder_.error())});
    }
  }
}

void Fetcher::on_closed(std::error_code reason) {
  drop();
  if (!busy() || finished_) return;
  if (decoder_.end_of_input()) return finish({.head = decoder_.head(), .body = std::move(body_)});
  // The server has ended a connection that it had kept, as the request was on its way.
  if (std::exchange(reused_, false) && !decoder_.begun()) {
    return connector_.connect({.host = request_.url.host, .port = request_.url.port}, request_.timeout,
                              [this](core::Connected result) { connected(std::move(result)); });
  }
  finish({.error = reason ? reason.message() : "the server has closed the connection"});
}

void Fetcher::on_overflow() {
  drop();
  if (busy()) finish({.error = "the server does not take the request"});
}

void Fetcher::finish(FetchResult result) {
  if (std::exchange(finished_, true)) return;
  timeout_.cancel();
  connector_.cancel();
  if (result.head.status == 0) drop();
  idle_since_ = shard_.now();
  // Not within the stream's own call; and it may send the next one.
  anchor_.ref().post([this, number = number_, result = std::make_shared<FetchResult>(std::move(result))] {
    if (number != number_) return;
    if (auto const done = std::exchange(done_, nullptr)) done(std::move(*result));
  });
}

void Fetcher::drop() noexcept {
  if (!stream_) return;
  stream_->close();
  shard_.retire(std::move(stream_));
}

void Fetcher::cut() noexcept {
  timeout_.cancel();
  connector_.cancel();
  drop();
  done_ = nullptr;
  ++number_;
}

}}}  // namespace aerie::v1::http
