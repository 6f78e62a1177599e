#include "http/trusted_proxies.hpp"

#include <aerie/core/decimal.hpp>
#include <aerie/core/log.hpp>

#include <algorithm>
#include <optional>
#include <span>
#include <stdexcept>

namespace aerie { inline namespace v1 { namespace http {

namespace {

std::vector<std::string_view> named_networks(std::string_view name) {
  if (name == "loopback") return {"127.0.0.0/8", "::1"};
  if (name == "linklocal") return {"169.254.0.0/16", "fe80::/10"};
  if (name == "uniquelocal") return {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"};
  return {};
}

[[noreturn]] void refuse_proxy(std::string_view text) {
  throw std::invalid_argument(core::concat(
      "aerie: ServerOptions::trusted_proxies: \"", text,
      "\" is neither an address (10.0.0.7, ::1) nor a network (10.0.0.0/8, fd00::/8) nor one of loopback, "
      "linklocal and uniquelocal"));
}

bool equal_bits(std::span<std::uint8_t const> a, std::span<std::uint8_t const> b, unsigned bits) noexcept {
  auto const bytes = bits / 8;
  if (!std::equal(a.begin(), a.begin() + bytes, b.begin())) return false;
  if (bits % 8 == 0) return true;
  auto const mask = static_cast<std::uint8_t>(0xff00U >> (bits % 8));
  return ((a[bytes] ^ b[bytes]) & mask) == 0;
}

}  // namespace

TrustedProxies::TrustedProxies(std::vector<std::string> const& texts) {
  for (auto const& text : texts) {
    auto const named = named_networks(text);
    for (auto const network : named)
      add(network);
    if (named.empty()) add(text);
  }
}

void TrustedProxies::add(std::string_view text) {
  auto const slash = text.find('/');
  auto const written = text.substr(0, slash);
  auto const address = core::Endpoint::parse(written);
  if (!address) refuse_proxy(text);
  auto const most = static_cast<unsigned>(address->bytes().size()) * 8;
  if (slash == text.npos) return networks_.push_back({*address, most});
  auto bits = core::decimal<unsigned>(text.substr(slash + 1));
  // An IPv4 address written as IPv6, `::ffff:10.0.0.0/104`, is kept as IPv4.
  auto const is_mapped = most == 32 && written.find(':') != written.npos;
  if (bits && is_mapped) bits = *bits >= 96 ? std::optional(*bits - 96) : std::nullopt;
  if (!bits || *bits > most) refuse_proxy(text);
  networks_.push_back({*address, *bits});
}

bool TrustedProxies::contains(core::Endpoint const& peer) const noexcept {
  auto const bytes = peer.bytes();
  return std::ranges::any_of(networks_, [&](Network const& network) {
    auto const own = network.address.bytes();
    return !bytes.empty() && own.size() == bytes.size() && equal_bits(own, bytes, network.bits);
  });
}

}}}  // namespace aerie::v1::http
