#pragma once

/// \file
/// The query of a target: `EIO=4&transport=polling` (application/x-www-form-urlencoded, as browsers write
/// it). Functions without state: callable from any thread.

#include <aerie/core/api.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// Parameters looked at; what follows them is ignored, so that a query of ten thousand costs little.
inline constexpr std::size_t max_query_parameters = 1000;

/// `text` with `%41` decoded and `+` read as a space. A broken escape stays as it is, and a text that would
/// not be UTF-8 when decoded is returned undecoded.
AERIE_API std::string decode_query(std::string_view text);

/// The same for what is no query: a `+` is one.
AERIE_API std::string decode_component(std::string_view text);

/// Appends `name=value`, both encoded as by JavaScript's `encodeURIComponent`, behind `&` if there is a query
/// already.
AERIE_API void append_parameter(std::string& query, std::string_view name, std::string_view value);

/// The decoded value of the last parameter called `name`; nothing if there is none, empty if it has no value.
AERIE_API std::optional<std::string> query_parameter(std::string_view query, std::string_view name);

/// Calls `f(std::string_view name, std::string_view value)` for each parameter, both as they were sent.
template <class F>
void each_raw_parameter(std::string_view query, F&& f) {
  for (std::size_t count = 0; !query.empty() && count < max_query_parameters; ++count) {
    auto const end = query.find('&');
    auto const one = query.substr(0, end);
    query.remove_prefix(end == query.npos ? query.size() : end + 1);
    if (one.empty()) continue;
    auto const equals = one.find('=');
    f(one.substr(0, equals), equals == one.npos ? std::string_view{} : one.substr(equals + 1));
  }
}

/// Calls `f(std::string name, std::string value)` for each parameter, both decoded, in order.
template <class F>
void each_parameter(std::string_view query, F&& f) {
  each_raw_parameter(query, [&](std::string_view name, std::string_view value) {
    f(decode_query(name), decode_query(value));
  });
}

}}}  // namespace aerie::v1::http
