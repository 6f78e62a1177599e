#include "http/forwarded.hpp"
#include "http/origin.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/http/cors.hpp>
#include <aerie/http/exchange.hpp>

#include <algorithm>
#include <stdexcept>

namespace aerie { inline namespace v1 { namespace http {

namespace {

std::string join(std::vector<std::string> const& texts) {
  std::string joined;
  for (auto const& text : texts) {
    if (!joined.empty()) joined.push_back(',');
    joined.append(text);
  }
  return joined;
}

std::string line_of(std::string_view name, std::vector<std::string> const& values) {
  std::string line;
  if (!values.empty()) append_header(line, name, join(values));
  return line;
}

void check_origin(std::string_view origin) {
  if (origin.empty()) {
    throw std::invalid_argument("aerie: CORS: an origin is empty; write for example https://example.com");
  }
  if (origin != "null" && (origin.ends_with('/') || origin.find("://") == origin.npos)) {
    throw std::invalid_argument(
        core::concat("aerie: CORS: \"", origin, "\" is no origin, so no browser would ever match it; ",
                     "write scheme and host without a slash at the end, as in https://example.com"));
  }
}

bool is_in_small_letters(std::string_view text) noexcept {
  return std::ranges::none_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

CorsOrigin::CorsOrigin(bool any) : value_(any) {}
CorsOrigin::CorsOrigin(char const* origin) : value_(std::string(origin)) {}
CorsOrigin::CorsOrigin(std::string origin) : value_(std::move(origin)) {}
CorsOrigin::CorsOrigin(std::vector<std::string> origins) : value_(std::move(origins)) {}
CorsOrigin::CorsOrigin(std::initializer_list<char const*> origins)
    : value_(std::vector<std::string>(origins.begin(), origins.end())) {}
CorsOrigin::CorsOrigin(Predicate accepts) : value_(std::move(accepts)) {}
CorsOrigin::CorsOrigin(CorsOrigin const& other) = default;
CorsOrigin::CorsOrigin(CorsOrigin&& other) noexcept = default;
CorsOrigin& CorsOrigin::operator=(CorsOrigin const& other) = default;
CorsOrigin& CorsOrigin::operator=(CorsOrigin&& other) noexcept = default;
CorsOrigin::~CorsOrigin() = default;

bool CorsOrigin::is_wildcard() const noexcept {
  auto const* const text = std::get_if<std::string>(&value_);
  return text != nullptr && *text == "*";
}

bool CorsOrigin::enabled() const noexcept {
  auto const* const any = std::get_if<bool>(&value_);
  return any == nullptr || *any;
}

std::string const* CorsOrigin::fixed() const noexcept {
  return std::get_if<std::string>(&value_);
}

std::vector<std::string> const* CorsOrigin::list() const noexcept {
  return std::get_if<std::vector<std::string>>(&value_);
}

bool CorsOrigin::allows(std::string_view origin) const {
  if (auto const* const any = std::get_if<bool>(&value_)) return *any;
  if (is_wildcard()) return true;
  // Browsers write origins in small letters; whoever doesn't is none.
  auto const is_it = [&](std::string const& one) {
    return one == origin || (normal_origin(one) == normal_origin(origin) && is_in_small_letters(origin));
  };
  if (auto const* const text = fixed()) return is_it(*text);
  if (auto const* const texts = list()) return std::ranges::any_of(*texts, is_it);
  return std::get<Predicate>(value_)(origin);
}

Cors::Cors(CorsOptions options) : options_(std::move(options)) {
  auto const& origin = options_.origin;
  if (origin.is_wildcard() && options_.credentials) {
    throw std::invalid_argument(
        "aerie: CORS: origin \"*\" with credentials would open the users' accounts to every page, and no "
        "browser takes "
        "it; name the origins");
  }
  if (auto const* const fixed = origin.fixed(); fixed != nullptr && *fixed != "*") {
    check_origin(*fixed);
    // It is sent to browsers, which compare letter by letter.
    options_.origin = CorsOrigin(normal_origin(*fixed));
  }
  if (auto const* const list = origin.list()) {
    for (auto const& one : *list) {
      if (one == "*") {
        throw std::invalid_argument(
            "aerie: CORS: \"*\" stands for every origin only by itself, not in a list");
      }
      check_origin(one);
    }
  }
  if (options_.options_success_status < 200 || options_.options_success_status > 299) {
    throw std::invalid_argument(
        "aerie: CORS: options_success_status must be a 2xx status, usually 204 or 200");
  }
  if (options_.credentials) common_lines_.append("Access-Control-Allow-Credentials: true\r\n");
  common_lines_.append(line_of("Access-Control-Expose-Headers", options_.exposed_headers));
  preflight_lines_.append(line_of("Access-Control-Allow-Methods", options_.methods));
  preflight_lines_.append(line_of("Access-Control-Allow-Headers", options_.allowed_headers));
  if (options_.max_age) {
    append_header(preflight_lines_, "Access-Control-Max-Age", std::to_string(options_.max_age->count()));
  }
}

/// Appends the line that lets the origin in; true if the answer depends on the request's Origin.
bool Cors::append_origin(RequestHead const& head, std::string& header_lines) const {
  auto const append = [&](std::string_view origin) {
    // Parsed header values and checked options hold nothing that could end the line.
    header_lines.append("Access-Control-Allow-Origin: ").append(origin).append("\r\n");
  };
  if (auto const* const fixed = options_.origin.fixed()) {
    append(*fixed);
    return !options_.origin.is_wildcard();
  }
  auto const origin = head.header("origin");
  if (!origin.empty() && options_.origin.allows(origin)) append(origin);
  return true;
}

bool Cors::is_at_home(RequestHead const& head, std::string_view origin, std::optional<bool> secure) {
  auto const page = parse_origin(origin);
  if (!page || (secure && *secure != (page->scheme == "https"))) return false;
  // Whoever does not know whether TLS ends at a proxy in front takes the page's word.
  return page == origin_at(page->scheme, head.host());
}

bool Cors::allows_handshake(RequestHead const& head) const {
  auto const origin = head.header("origin");
  return origin.empty() || is_at_home(head, origin, Forwarded(head).secure()) || allows_origin(origin);
}

bool Cors::allows_handshake(Exchange const& exchange) const {
  auto const& head = exchange.head();
  auto const origin = head.header("origin");
  // Before its predicate is asked, which may end everything.
  auto const& log = exchange.shard().runtime().log();
  auto const secure = exchange.secure() ? std::optional(true) : Forwarded(head).secure();
  if (origin.empty() || is_at_home(head, origin, secure) || allows_origin(origin)) return true;
  // Browsers tell their scripts nothing, and go on by polling, so nobody would notice.
  auto const shown = origin.substr(0, 200);
  log.write_once(
      LogLevel::warning, "http", core::concat("origin ", shown),
      core::concat(
          "a WebSocket of the page ", shown,
          " is refused: its origin is neither in cors.origin nor the Host ", head.host(),
          " of the request; add it to cors.origin, or, if a proxy in front changes the Host, let it pass "
          "that on (nginx: proxy_set_header Host $http_host) or name the proxy in trusted_proxies"));
  return false;
}

void Cors::apply(RequestHead const& head, std::string& header_lines) const {
  if (!options_.origin.enabled()) return;
  if (append_origin(head, header_lines)) header_lines.append("Vary: Origin\r\n");
  header_lines.append(common_lines_);
}

void Cors::apply_preflight(RequestHead const& head, std::string& header_lines) const {
  if (!options_.origin.enabled()) return;
  auto const varies = append_origin(head, header_lines);
  auto const echo = options_.allowed_headers.empty();
  if (varies || echo) {
    header_lines.append(varies && echo ? "Vary: Origin, Access-Control-Request-Headers\r\n"
                        : varies       ? "Vary: Origin\r\n"
                                       : "Vary: Access-Control-Request-Headers\r\n");
  }
  header_lines.append(common_lines_).append(preflight_lines_);
  auto const requested = head.header("access-control-request-headers");
  if (echo && !requested.empty()) {
    header_lines.append("Access-Control-Allow-Headers: ").append(requested).append("\r\n");
  }
}

bool Cors::preflight(Exchange& exchange) const {
  if (exchange.head().verb() != Method::options || options_.preflight_continue ||
      !options_.origin.enabled()) {
    return false;
  }
  std::string lines;
  apply_preflight(exchange.head(), lines);
  // Some browsers wait for a body unless they are told that there is none, with 204 too.
  if (options_.options_success_status == 204) lines.append("Content-Length: 0\r\n");
  exchange.respond(options_.options_success_status, lines, std::string_view{});
  return true;
}

}}}  // namespace aerie::v1::http
