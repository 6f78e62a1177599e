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

struct AERIE_API Request {
  RequestHead head;
  /// Parameters of the path, decoded: `id` for `/rooms/:id`, `rest` for `/files/*rest`.
  std::vector<std::pair<std::string, std::string>> parameters = {};
  std::string body = {};
  core::Endpoint peer = {};
  bool secure = false;

  std::string_view method() const noexcept { return head.method(); }
  std::string_view path() const noexcept { return head.path(); }
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
