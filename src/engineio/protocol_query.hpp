#pragma once

#include <aerie/core/equals.hpp>
#include <aerie/engineio/dialect.hpp>
#include <aerie/http/query.hpp>

#include <forward_list>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace engineio {

/// The parameters of a request that the protocol is about, found in one pass. Views into the query, or into
/// itself.
class ProtocolQuery {
 public:
  explicit ProtocolQuery(std::string_view query) {
    // Looked for in all of it at once: there are none in what the protocol needs.
    auto const has_escapes = query.find('%') != query.npos || query.find('+') != query.npos;
    http::each_raw_parameter(query, [&](std::string_view name, std::string_view value) {
      if (has_escapes) {
        if (auto* const parameter = find(http::decode_query(name)))
          *parameter = decoded_.emplace_front(http::decode_query(value));
      } else if (auto* const parameter = find(name)) {
        *parameter = value;
      }
    });
  }
  ProtocolQuery(ProtocolQuery const&) = delete;
  ProtocolQuery& operator=(ProtocolQuery const&) = delete;

  // Each empty if it is absent; of several the last.
  std::string_view transport() const noexcept { return transport_; }
  std::string_view sid() const noexcept { return sid_; }
  std::string_view version() const noexcept { return version_; }
  /// The number of the function that takes what answers a poll (JSONP); nothing without the parameter.
  std::optional<std::string_view> function() const noexcept { return function_; }
  /// What the client speaks. Every version that is not 4 is 3, as with the official server.
  Dialect dialect() const noexcept {
    return {core::equals(version(), "4") ? Protocol::v4 : Protocol::v3, base64_.empty() && !function_};
  }

 private:
  /// Where the value of a parameter goes; null for one that the protocol is not about.
  std::string_view* find(std::string_view name) noexcept {
    if (core::equals(name, "sid")) return &sid_;
    if (core::equals(name, "EIO")) return &version_;
    if (core::equals(name, "transport")) return &transport_;
    if (core::equals(name, "b64")) return &base64_;
    if (core::equals(name, "j")) return &function_.emplace();
    return nullptr;
  }

  std::string_view transport_;
  std::string_view sid_;
  std::string_view version_;
  std::string_view base64_;
  std::optional<std::string_view> function_;
  std::forward_list<std::string> decoded_;  // the values, if there are escapes
};

}}}  // namespace aerie::v1::engineio
