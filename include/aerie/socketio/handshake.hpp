#pragma once

/// \file
/// What a client said when it connected.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/endpoint.hpp>
#include <aerie/http/query.hpp>
#include <aerie/http/request_head.hpp>
#include <aerie/schema/codec.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 {

/// The handshake of one socket: the HTTP request that opened its connection, and the `auth` of its CONNECT
/// packet. Everything is kept as it came and decoded when asked for. A counted handle to one allocation, of
/// which copies say the same. Never changes; may be read on any thread.
/// https://socket.io/docs/v4/server-socket-instance/#sockethandshake
class AERIE_API Handshake {
 public:
  /// `auth` is an object in JSON or MessagePack, or empty.
  Handshake(http::RequestHead request, core::Endpoint peer, bool secure, core::WallTime issued,
            std::string_view auth);
  Handshake(Handshake const& other) noexcept : facts_(other.facts_) { retain(); }
  Handshake(Handshake&& other) noexcept : facts_(std::exchange(other.facts_, nullptr)) {}
  Handshake& operator=(Handshake other) noexcept {
    std::swap(facts_, other.facts_);
    return *this;
  }
  ~Handshake();

  /// The payload of the CONNECT packet; an empty object if there was none.
  Value auth() const;
  /// The same as a described type. Throws BadArguments if it is something else.
  template <class T>
  T auth_as() const {
    T value{};
    read_auth(type_ops<T>, &value);
    return value;
  }
  /// A member of `auth` that is a string; nothing otherwise. What tokens are usually looked up with.
  std::optional<std::string> auth_text(std::string_view name) const;

  /// Bytes of the payload of the CONNECT packet, as it is kept.
  std::size_t auth_size() const noexcept { return facts_->auth_size; }

  /// The value of the header of that name, in any case; empty if there is none. Lines of one name are joined
  /// as Node.js does, see `http::RequestHead`.
  std::string_view header(std::string_view name) const noexcept { return facts_->request.header(name); }
  /// The value of the first cookie of that name, decoded; nothing if there is none.
  std::optional<std::string> cookie(std::string_view name) const { return facts_->request.cookie(name); }
  /// All headers with names in lower case, as Node.js shows them: texts, but for `set-cookie` a list.
  Object headers() const;
  /// The decoded value of a query parameter.
  std::optional<std::string> query(std::string_view name) const {
    return http::query_parameter(facts_->request.query(), name);
  }
  Object query() const;
  /// The target of the request, with its query.
  std::string_view url() const noexcept { return facts_->request.target(); }
  /// The client's address: behind trusted proxies what they say it is.
  std::string address() const { return facts_->peer.address(); }
  /// Whether the client has come by https, as above.
  bool secure() const noexcept { return facts_->secure != 0; }
  /// The host, with its port if it is not the usual one, that the client has asked for, as above.
  std::string host() const { return facts_->request.host(); }
  /// True if the request had an Origin header.
  bool cross_domain() const noexcept { return facts_->request.has("origin"); }
  /// When the namespace was asked for.
  core::WallTime issued() const noexcept { return facts_->issued; }
  /// The request that the connection began with.
  http::RequestHead const& request() const noexcept { return facts_->request; }

  /// All of it, as the official server's `socket.handshake` looks in JSON.
  Value to_value() const;

 private:
  void read_auth(TypeOps const& ops, void* value) const;
  std::string_view auth_as_it_came() const noexcept;
  void retain() const noexcept { facts_->references.fetch_add(1, std::memory_order_relaxed); }

  /// The text of `auth` follows.
  struct Facts {
    std::atomic<std::uint32_t> references{1};
    std::uint32_t auth_size : 31;
    std::uint32_t secure : 1;
    http::RequestHead request;
    core::WallTime issued;
    core::Endpoint peer;
  };
  Facts* facts_;  // null once it was moved from
};

}}  // namespace aerie::v1
