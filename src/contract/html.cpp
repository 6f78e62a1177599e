#include "contract/type_table.hpp"
#include "contract/typescript_types.hpp"

#include <aerie/contract/contract.hpp>

#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace contract {

namespace {

/// As the text of an element or of an attribute.
std::string escaped(std::string_view text) {
  std::string safe;
  for (char const c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe.push_back(c);
    }
  }
  return safe;
}

constexpr std::string_view style =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1b1f24;background:#fff}"
    "h2{margin-top:2.5rem;border-bottom:1px solid #d0d7de}h3{margin-bottom:.3rem}"
    "code,pre{font:14px/1.5 ui-monospace,monospace}"
    "pre{background:#f6f8fa;padding:.75rem;overflow-x:auto;border-radius:6px}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.3rem .6rem;"
    "border-bottom:1px solid #d0d7de}p{margin:.3rem 0}a{color:#0550ae}"
    "@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}pre{background:#161b22}"
    "h2,td,th{border-color:#30363d}a{color:#79c0ff}}";

class Page {
 public:
  explicit Page(Contract const& contract) : contract_(contract), table_(contract), types_(table_) {}

  std::string write(DocumentInfo const& info) {
    text_ =
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>";
    text_.append(escaped(info.title))
        .append("</title>\n<style>")
        .append(style)
        .append("</style>\n<main>\n<h1>");
    text_.append(escaped(info.title)).append("</h1>\n");
    say(info.description);
    text_.append("<p>Contract <code>").append(hash_of(contract_)).append("</code></p>\n");
    for (auto const& nsp : contract_.namespaces)
      write(nsp);
    if (!contract_.routes.empty()) write_routes();
    write_types();
    return std::move(text_.append("</main>\n</html>\n"));
  }

 private:
  void say(std::string_view description) {
    if (!description.empty()) text_.append("<p>").append(escaped(description)).append("</p>\n");
  }

  void write(NamespaceContract const& nsp) {
    text_ += nsp.pattern.empty() ? "<h2>Namespace <code>" : "<h2>Namespaces that match <code>";
    text_.append(escaped(nsp.pattern.empty() ? nsp.name : nsp.pattern)).append("</code></h2>\n");
    say(nsp.description);
    if (nsp.auth) {
      text_.append("<p><code>auth</code>: <code>");
      text_.append(escaped(types_.of(*nsp.auth, Direction::to_server))).append("</code></p>\n");
    }
    write_events("Clients send", nsp.incoming, Direction::to_server);
    write_events("Clients are sent", nsp.outgoing, Direction::to_client);
  }

  void write_events(std::string_view title, std::vector<Event> const& events, Direction direction) {
    if (events.empty()) return;
    text_.append("<h3>").append(title).append(
        "</h3>\n<table>\n<tr><th>Event<th>Arguments<th>Acknowledgement</tr>\n");
    auto const back = direction == Direction::to_server ? Direction::to_client : Direction::to_server;
    for (auto const& event : events) {
      text_.append("<tr><td><code>").append(escaped(event.name)).append("</code>");
      say(event.description);
      text_.append("<td><code>");
      text_.append(event.has_any_arguments ? "any" : escaped(list_of(event.arguments, direction)));
      text_.append("</code><td><code>");
      auto const& acknowledgement = event.acknowledgement;
      if (acknowledgement.kind == Acknowledgement::Kind::possible) text_ += "any";
      text_.append(escaped(list_of(acknowledgement.arguments, back))).append("</code></tr>\n");
    }
    text_ += "</table>\n";
  }

  std::string list_of(std::vector<Type> const& types, Direction direction) const {
    std::string text;
    for (auto const& type : types)
      text.append(text.empty() ? "" : ", ").append(types_.of(type, direction));
    return text;
  }

  void write_routes() {
    text_ += "<h2>HTTP</h2>\n<table>\n<tr><th>Route<th>Takes<th>Answer</tr>\n";
    for (auto const& route : contract_.routes) {
      text_.append("<tr><td><code>").append(escaped(route.method + " " + route.path)).append("</code>");
      say(route.description);
      text_ += "<td>";
      write_part("path", route.path_parameters);
      write_part("query", route.query);
      write_part("headers", route.headers);
      if (route.body) write_line("body", types_.of(*route.body, Direction::to_server));
      if (route.takes_files) write_line("body", "multipart/form-data");
      text_.append("<td><p>").append(std::to_string(route.status)).append(" <code>");
      if (route.answer) text_.append(escaped(types_.of(*route.answer, Direction::to_client)));
      text_ += route.is_event_stream ? "</code>, as server-sent events</p></tr>\n" : "</code></p></tr>\n";
    }
    text_ += "</table>\n";
  }

  void write_part(std::string_view name, std::vector<Member> const& members) {
    for (auto const& member : members) {
      auto const type = types_.of(member.type, Direction::to_server);
      auto const optional = member.is_required ? ": " : "?: ";
      write_line(name, member.name.empty() ? type : member.name + optional + type);
    }
  }

  void write_line(std::string_view what, std::string_view type) {
    text_.append("<p>").append(what).append(" <code>").append(escaped(type)).append("</code></p>");
  }

  void write_types() {
    if (table_.entries().empty()) return;
    text_ += "<h2>Types</h2>\n";
    for (auto const& entry : table_.entries()) {
      text_.append("<pre id=\"").append(escaped(entry.name)).append("\">");
      text_.append(escaped(types_.declaration(entry, true))).append("</pre>\n");
    }
  }

  Contract const& contract_;
  TypeTable table_;
  TypescriptTypes types_;
  std::string text_;
};

}  // namespace

std::string to_html(Contract const& contract, DocumentInfo const& info) {
  return Page(contract).write(info);
}

}}}  // namespace aerie::v1::contract
