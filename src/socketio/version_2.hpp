#pragma once

#include <aerie/http/query.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/json.hpp>
#include <aerie/schema/value.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

// What clients of Socket.IO 2 write otherwise.
namespace aerie { inline namespace v1 { namespace socketio {

/// A namespace as clients of Socket.IO 2 name it in a packet: it may have a query.
struct NameWithQuery {
  explicit NameWithQuery(std::string_view text) noexcept
      : name(text.substr(0, text.find_first_of("?#"))), query(text.substr(name.size())) {
    query = query.substr(0, query.find('#'));
    if (!query.empty()) query.remove_prefix(1);
  }
  std::string_view name;
  std::string_view query;
};

/// A query as the `auth` of a handshake; of several parameters of one name the last.
inline std::string auth_of(std::string_view query) {
  if (query.empty()) return {};
  Object auth;
  http::each_parameter(
      query, [&](std::string const& name, std::string const& value) { auth.set(name, Value(value)); });
  std::string text;
  json::Writer writer(text);
  encode(writer, Value(std::move(auth)));
  return text;
}

/// Whether JavaScript takes a value for true.
inline bool is_true(Value const& value) {
  static constexpr std::array<std::string_view, 5> falsy{"null", "false", "0", "-0", "\"\""};
  return std::ranges::find(falsy, json::stringify(value)) == falsy.end();
}

}}}  // namespace aerie::v1::socketio
