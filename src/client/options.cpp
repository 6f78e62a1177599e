#include "client/proxy.hpp"

#include <aerie/client/options.hpp>
#include <aerie/core/ascii.hpp>
#include <aerie/core/log.hpp>

#include <algorithm>
#include <stdexcept>

namespace aerie { inline namespace v1 { namespace client {

namespace {

void require(bool condition, std::string_view setting, std::string_view remedy) {
  if (!condition) throw std::invalid_argument(core::concat("aerie: client::Options::", setting, " ", remedy));
}

bool is_token(std::string_view text) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return core::is_alphanumeric(c) || others.find(c) != others.npos;
  });
}

bool is_field_value(std::string_view text) {
  return std::ranges::none_of(
      text, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

}  // namespace

std::string_view to_string(Transport transport) noexcept {
  return transport == Transport::polling ? "polling" : "websocket";
}

void check(Options const& options) {
  require(!options.transports.empty(), "transports",
          "is empty, so there is no way to connect; name Transport::polling, Transport::websocket or both");
  require(
      std::ranges::none_of(
          options.path,
          [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '?' || c == '#'; }),
      "path", "has a character that no path has; write it as %20 and the like, and give parameters as query");
  for (auto const& [name, value] : options.extra_headers) {
    require(
        is_token(name) && is_field_value(value), "extra_headers",
        "has a line that is no header; a name is made of letters, digits and dashes, and a value has no line "
        "ends");
  }
  require(options.max_message_size > 0, "max_message_size", "is 0, so nothing could arrive; use 1 or more");
  require(options.reconnection_delay >= core::Milliseconds{0} &&
              options.reconnection_delay_max >= core::Milliseconds{0},
          "reconnection_delay", "is below zero, and so is perhaps reconnection_delay_max; use 0 or more");
  require(options.randomization_factor >= 0 && options.randomization_factor <= 1, "randomization_factor",
          "is not from 0 to 1");
  for (auto const& protocol : options.protocols)
    require(is_token(protocol), "protocols",
            "has one that is no name; it is made of letters, digits and dashes, without blanks and commas");
  require(!options.timestamp_param.empty(), "timestamp_param",
          "is empty; give the parameter a name, or turn timestamp_requests off");
  require(options.per_message_deflate.level >= -1 && options.per_message_deflate.level <= 9,
          "per_message_deflate.level", "is not from -1 to 9");
  if (!options.proxy.empty()) ProxyUrl::parse(options.proxy);
  require(options.timeout > core::Milliseconds{0}, "timeout",
          "is not above zero; use Milliseconds::max() to wait for ever");
}

}}}  // namespace aerie::v1::client
