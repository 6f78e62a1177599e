#pragma once

/// \file
/// What a client said when it connected.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/endpoint.hpp>
#include <aerie/http/query.hpp>
#include <aerie/http/request_head.hpp>
#include <aerie/schema/codec.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

/// The handshake of one socket: the HTTP request that opened its connection, and the `auth` of its CONNECT
/// packet. Everything is kept as it came and decoded when asked for. Never changes; may be read on any
/// thread. https://socket.io/docs/v4/server-socket-instance/#sockethandshake
class AERIE_API Handshake {
 public:
  /// `auth` is an object in JSON or MessagePack, or empty.
  Handshake(http::RequestHead request, core::Endpoint peer, bool secure, core::WallTime issued,
            std::string auth)
      : request_(std::move(request)), auth_(std::move(auth)), issued_(issued), peer_(peer), secure_(secure) {}

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
  std::size_t auth_size() const noexcept { return auth_.size(); }

  /// The value of the header of that name, in any case; empty if there is none. Lines of one name are joined
  /// as Node.js does, see `http::RequestHead`.
  std::string_view header(std::string_view name) const noexcept { return request_.header(name); }
  /// The value of the first cookie of that name, decoded; nothing if there is none.
  std::optional<std::string> cookie(std::string_view name) const { return request_.cookie(name); }
  /// All headers with names in lower case, as Node.js shows them: texts, but for `set-cookie` a list.
  Object headers() const;
  /// The decoded value of a query parameter.
  std::optional<std::string> query(std::string_view name) const {
    return http::query_parameter(request_.query(), name);
  }
  Object query() const;
  /// The target of the request, with its query.
  std::string_view url() const noexcept { return request_.target(); }
  /// The client's address: behind trusted proxies what they say it is.
  std::string address() const { return peer_.address(); }
  /// Whether the client has come by https, as above.
  bool secure() const noexcept { return secure_; }
  /// The host, with its port if it is not the usual one, that the client has asked for, as above.
  std::string host() const { return request_.host(); }
  /// True if the request had an Origin header.
  bool cross_domain() const noexcept { return request_.has("origin"); }
  /// When the namespace was asked for.
  core::WallTime issued() const noexcept { return issued_; }
  /// The request that the connection began with.
  http::RequestHead const& request() const noexcept { return request_; }

  /// All of it, as the official server's `socket.handshake` looks in JSON.
  Value to_value() const;

 private:
  void read_auth(TypeOps const& ops, void* value) const;

  http::RequestHead request_;
  std::string auth_;
  core::WallTime issued_;
  core::Endpoint peer_;
  bool secure_;
};

}}  // namespace aerie::v1
