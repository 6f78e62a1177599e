#pragma once

#include <aerie/engineio/dialect.hpp>
#include <aerie/http/query.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace engineio {

/// The parameters of a request that the protocol is about, found in one pass. Views into the query, or into
/// itself.
class ProtocolQuery {
 public:
  explicit ProtocolQuery(std::string_view query) {
    http::each_raw_parameter(query, [this](std::string_view name, std::string_view value) {
      if (has_escapes(name)) {
        set(http::decode_query(name), value);
      } else {
        set(name, value);
      }
    });
  }
  ProtocolQuery(ProtocolQuery const&) = delete;
  ProtocolQuery& operator=(ProtocolQuery const&) = delete;

  // Each empty if it is absent; of several the last.
  std::string_view transport() const noexcept { return transport_.text; }
  std::string_view sid() const noexcept { return sid_.text; }
  std::string_view version() const noexcept { return version_.text; }
  /// The number of the function that takes what answers a poll (JSONP); nothing without the parameter.
  std::optional<std::string_view> function() const noexcept {
    return function_.given ? std::optional(function_.text) : std::nullopt;
  }
  /// What the client speaks. Every version that is not 4 is 3, as with the official server.
  Dialect dialect() const noexcept {
    return {version() == "4" ? Protocol::v4 : Protocol::v3, base64_.text.empty() && !function_.given};
  }

 private:
  struct Parameter {
    void set(std::string_view raw) {
      given = true;
      text = raw;
      if (has_escapes(raw)) text = decoded = http::decode_query(raw);
    }
    bool given = false;
    std::string_view text;
    std::string decoded;
  };

  static bool has_escapes(std::string_view text) noexcept {
    for (char const c : text) {
      if (c == '%' || c == '+') return true;
    }
    return false;
  }
  void set(std::string_view name, std::string_view value) {
    if (name == "sid") sid_.set(value);
    if (name == "EIO") version_.set(value);
    if (name == "transport") transport_.set(value);
    if (name == "b64") base64_.set(value);
    if (name == "j") function_.set(value);
  }

  Parameter transport_;
  Parameter sid_;
  Parameter version_;
  Parameter base64_;
  Parameter function_;
};

}}}  // namespace aerie::v1::engineio
