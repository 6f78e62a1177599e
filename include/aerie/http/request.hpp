#pragma once

/// \file
/// A request as route handlers see it: head, path parameters and the whole body. A value; belongs to its
/// handler.

#include <aerie/core/api.hpp>
#include <aerie/core/endpoint.hpp>
#include <aerie/http/query.hpp>
#include <aerie/http/request_head.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace http {

/// A request whose body has arrived, as routes are given it.
struct AERIE_API Request {
  /// Request line and headers.
  RequestHead head;
  /// Parameters of the path, decoded: `id` for `/rooms/:id`, `rest` for `/files/*rest`.
  std::vector<std::pair<std::string, std::string>> parameters = {};
  /// All of it, without its chunks.
  std::string body = {};
  /// The client: behind trusted proxies what they say of it, else who is at the other end of the connection.
  core::Endpoint peer = {};
  /// Whether the client has come by https, as above.
  bool secure = false;

  /// As it is written: "GET".
  std::string_view method() const noexcept { return head.method(); }
  /// As it was sent, without the query; nothing is decoded.
  std::string_view path() const noexcept { return head.path(); }
  /// The client's address, see `peer`.
  std::string address() const { return peer.address(); }
  /// The host, with its port if it is not the usual one, that the client has asked for.
  std::string host() const { return head.host(); }
  /// See RequestHead::header.
  std::string_view header(std::string_view name) const noexcept { return head.header(name); }
  /// The value of the first cookie of that name, decoded; nothing if there is none.
  std::optional<std::string> cookie(std::string_view name) const { return head.cookie(name); }
  /// A parameter of the path; empty if the route has none of that name.
  std::string_view parameter(std::string_view name) const noexcept;
  /// A parameter of the query, decoded; the last one of that name.
  std::optional<std::string> query(std::string_view name) const {
    return query_parameter(head.query(), name);
  }
};

}}}  // namespace aerie::v1::http
