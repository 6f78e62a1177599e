#include "http/dispatcher.hpp"

#include "http/not_found.hpp"
#include "http/percent.hpp"
#include "http/route_call.hpp"
#include "http/unwanted_upgrade.hpp"

#include <aerie/core/runtime.hpp>

#include <algorithm>

namespace aerie { inline namespace v1 { namespace http {

namespace {

constexpr std::string_view text_lines =
    "Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n";

/// Whether a segment is `.` or `..`, however it is written. Nothing behind such a path is what its prefix
/// says.
bool has_dot_segment(std::string_view path) {
  if (path.find("/.") == path.npos && path.find('%') == path.npos) return false;
  auto const decoded = percent_decode(path, PlusSign::is_plus);
  std::string_view rest = decoded;
  while (!rest.empty()) {
    auto const end = std::min(rest.find_first_of("/\\"), rest.size());
    auto const segment = rest.substr(0, end);
    if (segment == "." || segment == "..") return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

}  // namespace

void Dispatcher::begin(Exchange& exchange) {
  auto const& head = exchange.head();
  std::string header_lines;
  if (has_dot_segment(head.path())) {
    not_found(exchange, header_lines);
    return;
  }
  if (auto* const service = mounts_.find(head)) {
    service->begin(exchange);
    return;
  }
  if (cors_) {
    if (cors_->preflight(exchange)) return;
    cors_->apply(head, header_lines);
  }
  if (begin_route(exchange, header_lines) || begin_files(exchange, header_lines)) return;
  not_found(exchange, header_lines);
}

bool Dispatcher::begin_route(Exchange& exchange, std::string& header_lines) {
  auto const& head = exchange.head();
  auto match = router_.find(head.verb(), head.path());
  if (match.route != nullptr) {
    // A catch-all route may well be the application's own 404 page, and hide what is wrong.
    if (looks_like_socket_io(head)) explain(exchange, explain_missing_socket_io(head, mounts_));
    RouteCall::begin(exchange, std::move(match), std::move(header_lines), error_answer_);
    return true;
  }
  if (match.allowed.empty() || error_answer_) return false;
  append_header(header_lines, "Allow", match.allowed);
  auto const asks = head.verb() == Method::options;
  exchange.respond(asks ? 204 : 405, header_lines.append(asks ? "" : text_lines),
                   asks ? "" : "Method Not Allowed\n");
  return true;
}

bool Dispatcher::begin_files(Exchange& exchange, std::string& header_lines) {
  // A Socket.IO client is helped more by an explanation than by a single-page application's start page.
  if (files_.empty() || looks_like_socket_io(exchange.head())) return false;
  return std::any_of(files_.begin(), files_.end(), [&](auto const& files) {
    return files->covers(exchange.head().path()) && (FileServer::begin(files, exchange, header_lines), true);
  });
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
  if (error_answer_) {
    auto const answer = error_answer_(404, head);
    exchange.respond(answer.status, header_lines.append(answer.header_lines()), answer.body);
    return;
  }
  exchange.respond(404, header_lines.append(text_lines), body);
}

}}}  // namespace aerie::v1::http
