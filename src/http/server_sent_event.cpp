#include <aerie/core/log.hpp>
#include <aerie/http/server_sent_event.hpp>

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

namespace {

void check_is_one_line(std::string_view field, std::string_view text) {
  static constexpr std::string_view breaks("\r\n\0", 3);
  if (text.find_first_of(breaks) == text.npos) return;
  throw std::invalid_argument(
      core::concat("aerie: the ", field, " of a server-sent event has a line break or a NUL; remove it"));
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).push_back('\n');
}

/// A field for each line, whichever of the three ways they end.
void append_lines(std::string& out, std::string_view name, std::string_view text) {
  while (true) {
    auto const end = std::min(text.find_first_of("\r\n"), text.size());
    append_field(out, name, text.substr(0, end));
    if (end == text.size()) return;
    text.remove_prefix(text.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
  }
}

}  // namespace

void ServerSentEvent::append_to(std::string& out) const {
  check_is_one_line("event", event);
  check_is_one_line("id", id);
  if (!comment.empty()) append_lines(out, "", comment);
  if (!event.empty()) append_field(out, "event", event);
  if (!id.empty()) append_field(out, "id", id);
  if (retry) append_field(out, "retry", std::to_string(retry->count()));
  if (!data.empty()) append_lines(out, "data", data);
  out.push_back('\n');
}

}}}  // namespace aerie::v1::http
