#pragma once

#include <aerie/core/endpoint.hpp>
#include <aerie/http/request_head.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

class TrustedProxies;

/// What proxies in front have written into a head of where its request came from. Whatever is malformed says
/// nothing.
class Forwarded {
 public:
  /// `head` outlives it.
  explicit Forwarded(RequestHead const& head) noexcept : head_(head) {}

  /// Notes in a head that nobody else has yet how far what it says can be trusted, if `peer` has sent it.
  static void trust(RequestHead& head, core::Endpoint const& peer, TrustedProxies const& proxies);

  /// The client, as far as it is known; `peer` if nobody who is trusted says anything.
  core::Endpoint client(core::Endpoint const& peer) const;
  /// Whether it has come by https; nothing if nobody who is trusted says so.
  std::optional<bool> secure() const;
  /// Host and port that it has asked for.
  std::string host() const;

 private:
  enum class Kind : bool { x_forwarded, rfc_7239 };
  struct Trust {
    unsigned hops;
    core::Endpoint client;
  };

  bool is_trusted() const noexcept { return head_.block_->trusted_hops > 0; }
  bool is_rfc_7239() const noexcept { return head_.block_->is_rfc_7239 != 0; }
  Trust trust_of(Kind kind, core::Endpoint const& peer, TrustedProxies const& proxies) const;
  std::string said(std::string_view parameter, std::string_view header) const;

  RequestHead const& head_;
};

}}}  // namespace aerie::v1::http
