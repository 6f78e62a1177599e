#include "engineio/jsonp_transport.hpp"

#include <aerie/core/ascii.hpp>
#include <aerie/core/hex.hpp>
#include <aerie/http/query.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace aerie { inline namespace v1 { namespace engineio {

namespace {

std::string head_of_script(std::string_view function) {
  std::string head = "___eio[";
  // Whatever else it is would be part of the page's script.
  std::ranges::copy_if(function, std::back_inserter(head), core::is_digit);
  return head += "](";
}

/// What stands for this byte in a string of JavaScript; empty for one that stands for itself.
std::string escape_of(char c) {
  static constexpr std::string_view named = "\"\"\\\\\bb\ff\nn\rr\tt";
  for (std::size_t i = 0; i < named.size(); i += 2) {
    if (named[i] == c) return {'\\', named[i + 1]};
  }
  if (static_cast<unsigned char>(c) >= 0x20) return {};
  return "\\u00" + core::hex({&c, 1});
}

/// Writes a string as `JSON.stringify` does, but that U+2028 and U+2029 are escaped: before 2019 they ended a
/// line of JavaScript (https://github.com/tc39/proposal-json-superset).
void append_script_string(std::string& script, std::string_view text) {
  script.push_back('"');
  for (std::size_t at = 0; at < text.size();) {
    auto const rest = text.substr(at);
    if (rest.starts_with("\u2028") || rest.starts_with("\u2029")) {
      script += rest.starts_with("\u2028") ? "\\u2028" : "\\u2029";
      at += std::string_view("\u2028").size();
      continue;
    }
    auto const escape = escape_of(rest.front());
    script += escape.empty() ? rest.substr(0, 1) : std::string_view(escape);
    ++at;
  }
  script.push_back('"');
}

/// Clients write line ends as \n, as forms change real ones, and the two characters \n as \\n.
std::string with_line_ends(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    auto const rest = text.substr(at);
    if (rest.starts_with("\\\\n")) {
      result += "\\n";
      at += 3;
    } else if (rest.starts_with("\\n")) {
      result.push_back('\n');
      at += 2;
    } else {
      result.push_back(rest.front());
      ++at;
    }
  }
  return result;
}

}  // namespace

std::optional<std::string> payload_of_form(std::string_view form) {
  std::optional<std::string> payload;
  std::size_t fields = 0;
  http::each_raw_parameter(form, [&](std::string_view name, std::string_view value) {
    if (name != "d") return;
    ++fields;
    payload = with_line_ends(http::decode_query(value));
  });
  return fields == 1 ? payload : std::nullopt;
}

JsonpTransport::JsonpTransport(ShardEngine& engine, Session& session, std::string_view function)
    : PollingTransport(engine, session), head_(head_of_script(function)) {}

void JsonpTransport::wrap(std::string& payload) const {
  auto script = head_;
  append_script_string(script, payload);
  script += ");";
  payload = std::move(script);
}

void JsonpTransport::receive(std::string_view body, bool) {
  // Without a payload there is nothing in it, which is no error of the session's.
  if (auto const payload = payload_of_form(body)) PollingTransport::receive(*payload, false);
}

}}}  // namespace aerie::v1::engineio
