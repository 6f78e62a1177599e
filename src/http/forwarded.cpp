#include "http/forwarded.hpp"

#include "http/characters.hpp"
#include "http/header_facts.hpp"
#include "http/trusted_proxies.hpp"

#include <aerie/core/decimal.hpp>
#include <aerie/core/log.hpp>

#include <algorithm>
#include <vector>

namespace aerie { inline namespace v1 { namespace http {

namespace {

// What a head has room to count; nobody has more proxies.
constexpr unsigned most_hops = 63;

/// Cuts what stands before the first `separator` outside of quotes off the front of `text`.
std::string_view take_part(std::string_view& text, char separator) noexcept {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < text.size() && (quoted || text[end] != separator); ++end) {
    if (text[end] == '"') quoted = !quoted;
    if (quoted && text[end] == '\\' && end + 1 < text.size()) ++end;
  }
  auto const part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return trim(part);
}

/// The entries of a list; empty ones are none.
std::vector<std::string_view> entries_of(std::string_view list) {
  std::vector<std::string_view> entries;
  while (!list.empty()) {
    if (auto const entry = take_part(list, ','); !entry.empty()) entries.push_back(entry);
  }
  return entries;
}

/// A value without its quotes (RFC 9110 §5.6.4).
std::string unquoted(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
  std::string text;
  for (auto const* at = value.data() + 1; at < value.data() + value.size() - 1; ++at) {
    if (*at == '\\' && at + 1 < value.data() + value.size() - 1) ++at;
    text.push_back(*at);
  }
  return text;
}

/// A parameter of an entry of `Forwarded`; empty if it is not there.
std::string parameter_of(std::string_view entry, std::string_view name) {
  while (!entry.empty()) {
    auto const pair = take_part(entry, ';');
    auto const equals = pair.find('=');
    if (equals == pair.npos) continue;
    if (equal_ignoring_case(trim(pair.substr(0, equals)), name))
      return unquoted(trim(pair.substr(equals + 1)));
  }
  return {};
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711` (RFC 7239 §6). Nothing
/// for `unknown` and for obfuscated names, which begin with an underscore.
std::optional<core::Endpoint> endpoint_of(std::string_view node) {
  std::string_view address = node;
  std::string_view port;
  if (node.starts_with('[')) {
    auto const end = node.find(']');
    if (end == node.npos) return std::nullopt;
    address = node.substr(1, end - 1);
    auto const rest = node.substr(end + 1);
    if (!rest.empty() && !rest.starts_with(':')) return std::nullopt;
    port = rest.substr(rest.empty() ? 0 : 1);
  } else if (auto const colon = node.find(':');
             colon != node.npos && node.find(':', colon + 1) == node.npos) {
    address = node.substr(0, colon);
    port = node.substr(colon + 1);
  }
  // The port may be obfuscated, too.
  return core::Endpoint::parse(address, core::decimal<std::uint16_t>(port).value_or(0));
}

}  // namespace

/// Follows the entries from the last one back, which whoever sends us the request has written, then the one
/// before, which the sender named there has written, as long as each is trusted.
Forwarded::Trust Forwarded::trust_of(Kind kind, core::Endpoint const& peer,
                                     TrustedProxies const& proxies) const {
  auto const entries = entries_of(head_.header(kind == Kind::rfc_7239 ? "forwarded" : "x-forwarded-for"));
  Trust trust{0, peer};
  for (auto entry = entries.rbegin(); entry != entries.rend() && trust.hops < most_hops; ++entry) {
    if (!proxies.contains(trust.client)) break;
    ++trust.hops;
    auto const node = kind == Kind::rfc_7239 ? parameter_of(*entry, "for") : unquoted(*entry);
    auto const from = endpoint_of(node);
    if (!from) break;
    trust.client = *from;
  }
  return trust;
}

void Forwarded::trust(RequestHead& head, core::Endpoint const& peer, TrustedProxies const& proxies) {
  if (!proxies.contains(peer)) return;
  Forwarded const forwarded(head);
  auto const has_rfc = head.has("forwarded");
  auto const has_x = head.has("x-forwarded-for");
  auto const rfc = forwarded.trust_of(Kind::rfc_7239, peer, proxies);
  auto const x = forwarded.trust_of(Kind::x_forwarded, peer, proxies);
  // A proxy writes one of the two and may pass on the other as the client has sent it: which is which, nobody
  // knows.
  if (has_rfc && has_x && !std::ranges::equal(rfc.client.bytes(), x.client.bytes())) return;
  auto& block = *head.block_;
  block.is_rfc_7239 = has_rfc && !has_x;
  // A proxy may say which scheme and host it was asked for, and not by whom.
  block.trusted_hops = std::max(block.is_rfc_7239 != 0 ? rfc.hops : x.hops, 1U) & most_hops;
}

core::Endpoint Forwarded::client(core::Endpoint const& peer) const {
  if (!is_trusted()) return peer;
  auto const entries = entries_of(head_.header(is_rfc_7239() ? "forwarded" : "x-forwarded-for"));
  auto const hops = std::min<std::size_t>(head_.block_->trusted_hops, entries.size());
  // The farthest one whose address is known.
  for (auto i = entries.size() - hops; i < entries.size(); ++i) {
    auto const node = is_rfc_7239() ? parameter_of(entries[i], "for") : unquoted(entries[i]);
    if (auto const from = endpoint_of(node)) return *from;
  }
  return peer;
}

/// What the trusted proxy that is nearest to the client has said.
std::string Forwarded::said(std::string_view parameter, std::string_view header) const {
  if (!is_trusted()) return {};
  auto const entries = entries_of(head_.header(is_rfc_7239() ? "forwarded" : header));
  auto const hops = std::min<std::size_t>(head_.block_->trusted_hops, entries.size());
  for (auto i = entries.size() - hops; i < entries.size(); ++i) {
    auto value = is_rfc_7239() ? parameter_of(entries[i], parameter) : unquoted(entries[i]);
    if (!value.empty()) return value;
  }
  return {};
}

std::optional<bool> Forwarded::secure() const {
  auto const scheme = said("proto", "x-forwarded-proto");
  if (equal_ignoring_case(scheme, "https") || equal_ignoring_case(scheme, "wss")) return true;
  if (equal_ignoring_case(scheme, "http") || equal_ignoring_case(scheme, "ws")) return false;
  return std::nullopt;
}

std::string Forwarded::host() const {
  auto host = said("host", "x-forwarded-host");
  if (!is_host(host)) host = head_.header("host");
  if (!is_trusted() || is_rfc_7239() || has_port(host)) return host;
  auto const port = core::decimal<std::uint16_t>(said({}, "x-forwarded-port"));
  auto const usual = secure().value_or(false) ? 443 : 80;
  return port && *port != usual ? core::concat(host, ":", std::to_string(*port)) : host;
}

}}}  // namespace aerie::v1::http
