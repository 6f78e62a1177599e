#include <aerie/core/decimal.hpp>
#include <aerie/core/hex.hpp>
#include <aerie/core/log.hpp>
#include <aerie/redis/url.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace redis {

namespace {

constexpr std::uint16_t default_port = 6379;
constexpr std::uint16_t sentinel_port = 26379;
constexpr std::string_view example = "redis://user:password@host:6379/0";

/// Whatever stands in a wrong place of a URL may be a password: nothing of it is shown.
[[noreturn]] void refuse(std::string_view why) {
  throw std::invalid_argument(
      core::concat("aerie: the Redis URL ", why, "; write one like ", example, " or unix:///run/redis.sock"));
}

/// Cuts at the first `separator`; what follows it is left in `rest`, and nothing if there is none.
std::string_view cut(std::string_view& rest, char separator) {
  auto const at = std::min(rest.find(separator), rest.size());
  auto const head = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return head;
}

std::string decoded(std::string_view text, std::string_view part) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    auto const high = i + 2 < text.size() ? core::hex_digit(text[i + 1]) : -1;
    auto const low = high >= 0 ? core::hex_digit(text[i + 2]) : -1;
    if (low < 0) refuse(core::concat("has a % without two hexadecimal digits in its ", part));
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return result;
}

core::Address host_and_port(std::string_view text, std::uint16_t otherwise) {
  std::string_view host = text;
  std::string_view port;
  bool has_port = false;
  if (text.starts_with('[')) {
    auto const end = text.find(']');
    if (end == text.npos) refuse("has a [ without a ] in its host");
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (!port.empty() && port.front() != ':') refuse("has something between ] and the port");
    has_port = !port.empty();
    if (has_port) port.remove_prefix(1);
  } else if (auto const colon = text.find(':'); colon != text.npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    has_port = true;
    if (port.find(':') != port.npos) refuse("has an address of IPv6 without brackets");
  }
  core::Address result{.host = decoded(host, "host"), .port = otherwise, .path = {}};
  if (result.host.empty()) result.host = "localhost";
  if (result.host.find('\0') != result.host.npos) refuse("has a zero byte in its host");
  if (has_port) {
    auto const parsed = core::decimal<std::uint16_t>(port);
    if (!parsed || *parsed == 0) refuse("has a port that is no number from 1 to 65535");
    result.port = *parsed;
  }
  return result;
}

void read_database(Url& url, std::string_view text) {
  auto const parsed = core::decimal<unsigned>(text);
  if (!parsed) refuse("has a database that is no number");
  url.database = *parsed;
}

void read_options(Url& url, std::string_view query) {
  while (!query.empty()) {
    auto value = cut(query, '&');
    auto const name = cut(value, '=');
    auto const text = decoded(value, "options");
    if (name == "db") {
      read_database(url, text);
    } else if (name == "topology") {
      constexpr std::array<std::string_view, 4> known{"automatic", "single", "cluster", "sentinel"};
      if (std::find(known.begin(), known.end(), text) == known.end())
        refuse("has a topology that is not known: there are automatic, single, cluster and sentinel");
      url.topology = text;
    } else if (name == "master") {
      url.master = text;
    } else if (!name.empty()) {
      refuse("has an option that is not known: there are topology, master and db");
    }
  }
}

void read_credentials(Url& url, std::string_view text) {
  url.user = decoded(cut(text, ':'), "user");
  url.password = decoded(text, "password");
}

}  // namespace

Url Url::parse(std::string_view text) {
  Url url;
  auto rest = text;
  auto const scheme = cut(rest, ':');
  auto const local = scheme == "unix" || scheme == "redis+unix";
  if (!local && scheme != "redis" && scheme != "rediss") {
    refuse("has no scheme that is known: redis, rediss and unix are");
  }
  url.tls = scheme == "rediss";
  if (rest.find('#') != rest.npos) refuse("has a #; in a password it is written %23");
  auto const query_at = std::min(rest.find('?'), rest.size());
  auto const query = rest.substr(std::min(query_at + 1, rest.size()));
  rest = rest.substr(0, query_at);
  auto const has_authority = rest.starts_with("//");
  if (has_authority) rest.remove_prefix(2);
  if (!local && !has_authority) refuse(core::concat("lacks // behind ", scheme, ":"));
  // A password that was not encoded may have an @ of its own.
  auto const at = local && rest.starts_with('/') ? rest.npos : rest.rfind('@');
  if (at != rest.npos) {
    read_credentials(url, rest.substr(0, at));
    rest.remove_prefix(at + 1);
  }
  read_options(url, query);
  if (local) {
    core::Address address{.host = {}, .port = 0, .path = decoded(rest, "path")};
    if (!address.path.starts_with('/')) refuse("has no path of a socket that begins with /");
    if (address.path.find('\0') != address.path.npos) refuse("has a zero byte in its path");
    url.addresses.push_back(std::move(address));
    return url;
  }
  auto hosts = cut(rest, '/');
  if (!rest.empty()) read_database(url, rest);
  auto const port = url.topology == "sentinel" ? sentinel_port : default_port;
  do {
    url.addresses.push_back(host_and_port(cut(hosts, ','), port));
  } while (!hosts.empty());
  return url;
}

std::string Url::text() const {
  std::string result(tls ? "rediss://" : addresses.front().path.empty() ? "redis://" : "");
  for (auto const& address : addresses) {
    if (&address != &addresses.front()) result += ',';
    result += address.text();
  }
  if (database != 0)
    result += core::concat(addresses.front().path.empty() ? "/" : "?db=", std::to_string(database));
  return result;
}

}}}  // namespace aerie::v1::redis
