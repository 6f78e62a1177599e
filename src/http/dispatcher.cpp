#include "http/dispatcher.hpp"

#include "http/not_found.hpp"
#include "http/path.hpp"
#include "http/route_call.hpp"
#include "http/unwanted_upgrade.hpp"

#include <aerie/core/runtime.hpp>

#include <algorithm>

namespace aerie { inline namespace v1 { namespace http {

namespace {

constexpr std::string_view text_lines =
    "Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n";

Response plain_not_found(std::string body) {
  auto response = Response::text(404, std::move(body));
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

}  // namespace

void Dispatcher::begin(Exchange& exchange) {
  auto const& head = exchange.head();
  std::string header_lines;
  Path const path(head.path());
  if (path.kind() == Path::Kind::malformed) {
    exchange.respond(400, text_lines, "Bad Request: the path has a broken escape\n");
    return;
  }
  if (path.kind() == Path::Kind::dotted) {
    not_found(exchange, header_lines);
    return;
  }
  if (auto* const service = mounts_.find(head)) {
    service->begin(exchange);
    return;
  }
  // Kept, because its predicate, like every handler, may change the server.
  if (auto const cors = cors_) {
    if (cors->preflight(exchange)) return;
    cors->apply(head, header_lines);
    if (!exchange) return;
  }
  // Services know whom they serve already, and ask themselves.
  if (!has_room(exchange, path.text()))
    return exchange.respond_busy(header_lines.append(text_lines), "Service Unavailable\n");
  if (begin_route(exchange, path.text(), header_lines) || begin_files(exchange, path.text(), header_lines))
    return;
  not_found(exchange, header_lines);
}

/// Whether the process has memory for the request, or its route is answered all the same.
bool Dispatcher::has_room(Exchange const& exchange, std::string_view path) const {
  if (!exchange.shard().runtime().memory().refuses()) return true;
  auto const match = router_.find(exchange.head().verb(), path);
  return match.route != nullptr && match.route->options.exempt_from_memory_limit;
}

bool Dispatcher::begin_route(Exchange& exchange, std::string_view path, std::string& header_lines) {
  auto const& head = exchange.head();
  auto match = router_.find(head.verb(), path);
  if (match.route != nullptr) {
    // A catch-all route may well be the application's own 404 page, and hide what is wrong.
    if (looks_like_socket_io(head)) explain(exchange, explain_missing_socket_io(head, mounts_));
    RouteCall::begin(exchange, std::move(match), std::move(header_lines), pages_, calls_);
    return true;
  }
  if (match.allowed.empty() || pages_->has_own()) return false;
  append_header(header_lines, "Allow", match.allowed);
  auto const asks = head.verb() == Method::options;
  exchange.respond(asks ? 204 : 405, header_lines.append(asks ? "" : text_lines),
                   asks ? "" : "Method Not Allowed\n");
  return true;
}

bool Dispatcher::begin_files(Exchange& exchange, std::string_view path, std::string& header_lines) {
  // A Socket.IO client is helped more by an explanation than by a single-page application's start page.
  if (files_.empty() || looks_like_socket_io(exchange.head())) return false;
  auto const found = std::ranges::find_if(files_, [&](auto const& files) { return files->covers(path); });
  if (found == files_.end()) return false;
  FileServer::begin(*found, exchange, std::string(path), header_lines);
  return true;
}

void Dispatcher::explain(Exchange& exchange, std::string_view sentence) const {
  exchange.shard().runtime().log().write_once(LogLevel::warning, "http", sentence, sentence);
}

void Dispatcher::not_found(Exchange& exchange, std::string& header_lines) {
  auto const& head = exchange.head();
  std::string body = "Not Found\n";
  if (looks_like_socket_io(head)) {
    body = explain_missing_socket_io(head, mounts_);
    explain(exchange, body);
    body.push_back('\n');
  }
  if (head.upgrade_requested() && list_has_token(head.header("upgrade"), "websocket")) {
    UnwantedUpgrade::begin(exchange, options_.destroy_upgrade_timeout);
    return;
  }
  auto const answer =
      pages_->answer(exchange.shard().runtime().log(), 404, head, plain_not_found(std::move(body)));
  exchange.respond(answer.status, header_lines.append(answer.header_lines()), answer.body);
}

}}}  // namespace aerie::v1::http
