#pragma once

#include <aerie/core/endpoint.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace http {

/// Addresses and networks whose word is believed. Never changes; may be used from any thread.
class TrustedProxies {
 public:
  /// The texts of `ServerOptions::trusted_proxies`. Throws std::invalid_argument, with the remedy, for one
  /// that is no address and no network.
  explicit TrustedProxies(std::vector<std::string> const& texts);

  bool empty() const noexcept { return networks_.empty(); }
  bool contains(core::Endpoint const& peer) const noexcept;

 private:
  struct Network {
    core::Endpoint address;
    unsigned bits;  // of the address that count
  };

  void add(std::string_view text);

  std::vector<Network> networks_;
};

}}}  // namespace aerie::v1::http
