#include "contract/json_schema.hpp"
#include "contract/names.hpp"
#include "contract/type_table.hpp"

#include <aerie/contract/contract.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 { namespace contract {

namespace {

/// A path with its parameters as OpenAPI writes them, and their names.
struct Template {
  std::string path;
  std::vector<std::string> names;
};

Template template_of(std::string_view path) {
  Template result;
  while (!path.empty()) {
    path.remove_prefix(1);
    auto const segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    bool const is_parameter = segment.size() > 1 && (segment.front() == ':' || segment.front() == '*');
    if (is_parameter) {
      result.names.emplace_back(segment.substr(1));
      result.path.append("/{").append(segment.substr(1)).append("}");
    } else {
      result.path.append("/").append(segment == "*" ? "{rest}" : segment);
      if (segment == "*") result.names.emplace_back("rest");
    }
  }
  return result;
}

std::string lower_case(std::string text) {
  for (char& c : text)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

/// A single text, number or bool is sent as it is, all else as JSON.
std::string_view content_type_of(RouteContract const& route) {
  if (route.is_event_stream) return "text/event-stream";
  if (route.answer->kind != Type::Kind::codec) return "application/json";
  switch (route.answer->codec->shape.kind) {
    case TypeKind::boolean:
    case TypeKind::integer:
    case TypeKind::number:
    case TypeKind::string:
    case TypeKind::digits:
      return "text/plain";
    default:
      return "application/json";
  }
}

Value content(std::string_view type, Value schema) {
  return Value::object({{std::string(type), Value::object({{"schema", std::move(schema)}})}});
}

class OpenApi {
 public:
  explicit OpenApi(Contract const& contract) : contract_(contract), table_(contract), schemas_(table_) {}

  Value write(DocumentInfo const& info) {
    for (auto const& route : contract_.routes)
      add(route);
    Object document{{"openapi", "3.1.0"}, {"info", about(info)}};
    document.set("paths", std::move(paths_));
    document.set("components", Value::object({{"schemas", schemas_.components()}}));
    return document;
  }

 private:
  void add(RouteContract const& route) {
    auto const place = template_of(route.path);
    auto* item = paths_.find(place.path);
    if (item == nullptr) item = &paths_.set(place.path, Value::object());
    auto const method = lower_case(route.method);
    // Versions that a header tells apart share a path; a document has room for one of them.
    if (item->as_object().contains(method)) return;

    Object operation;
    operation.set("operationId", claim(without_suffix(route.controller, "Controller") + "_" + route.handler));
    operation.set("tags", Value::array({without_suffix(route.controller, "Controller")}));
    if (!route.description.empty()) operation.set("description", route.description);
    if (!route.versions.empty())
      operation.set("x-versions", Array(route.versions.begin(), route.versions.end()));
    auto parameters = parameters_of(route, place);
    if (!parameters.empty()) operation.set("parameters", std::move(parameters));
    if (route.body || route.takes_files) operation.set("requestBody", body_of(route));
    operation.set("responses", responses_of(route));
    item->as_object().set(method, std::move(operation));
  }

  std::string claim(std::string const& wanted) {
    auto name = free_name(wanted, [this](auto const& free) { return !taken_.contains(free); });
    taken_.insert(name);
    return name;
  }

  static Value parameter(std::string_view where, std::string const& name, bool is_required, Value schema) {
    Object written{{"name", name}, {"in", where}};
    if (is_required) written.set("required", true);
    written.set("schema", std::move(schema));
    return written;
  }

  Array parameters_of(RouteContract const& route, Template const& place) const {
    Array parameters;
    for (auto const& name : place.names) {
      auto const known = std::ranges::find(route.path_parameters, name, &Member::name);
      auto schema = known == route.path_parameters.end() ? Value::object({{"type", "string"}})
                                                         : schemas_.of(known->type, Direction::to_server);
      parameters.push_back(parameter("path", name, true, std::move(schema)));
    }
    for (auto const& member : route.query)
      add_parameter(parameters, "query", member);
    for (auto const& member : route.headers)
      add_parameter(parameters, "header", member);
    return parameters;
  }

  /// One that has no name is an object of all there are.
  void add_parameter(Array& parameters, std::string_view where, Member const& member) const {
    if (!member.name.empty()) {
      add_once(parameters, parameter(where, member.name, member.is_required,
                                     schemas_.of(member.type, Direction::to_server)));
      return;
    }
    if (member.type.kind != Type::Kind::codec || member.type.codec->shape.kind != TypeKind::object) return;
    auto const& schema = member.type.codec->shape.schema();
    for (auto const& field : schema.fields()) {
      add_once(parameters, parameter(where, field.name, !may_be_left_out(field, Direction::to_server),
                                     schemas_.of(Type::of(field.type), Direction::to_server)));
    }
  }

  static void add_once(Array& parameters, Value written) {
    auto const is_it = [&](Value const& other) {
      return other["name"] == written["name"] && other["in"] == written["in"];
    };
    if (std::ranges::none_of(parameters, is_it)) parameters.push_back(std::move(written));
  }

  Value body_of(RouteContract const& route) const {
    auto schema =
        route.body ? schemas_.of(*route.body, Direction::to_server) : Value::object({{"type", "object"}});
    return Value::object({{"required", true},
                          {"content", content(route.takes_files ? "multipart/form-data" : "application/json",
                                              std::move(schema))}});
  }

  Value responses_of(RouteContract const& route) const {
    Object good{{"description", "The answer."}};
    if (route.answer)
      good.set("content", content(content_type_of(route), schemas_.of(*route.answer, Direction::to_client)));
    Object bad{{"description", "An error."}};
    bad.set("content",
            content("application/json",
                    route.error ? schemas_.of(*route.error, Direction::to_client) : error_schema()));
    return Value::object({{std::to_string(route.status), std::move(good)}, {"default", std::move(bad)}});
  }

  /// What HttpException makes.
  static Value error_schema() {
    auto const text = Value::object({{"type", "string"}});
    auto const texts = Value::object({{"type", "array"}, {"items", text}});
    return Value::object(
        {{"type", "object"},
         {"properties", Value::object({{"statusCode", Value::object({{"type", "integer"}})},
                                       {"message", Value::object({{"anyOf", Value::array({text, texts})}})},
                                       {"error", text}})}});
  }

  Contract const& contract_;
  TypeTable table_;
  JsonSchemas schemas_;
  Object paths_;
  std::set<std::string> taken_;
};

}  // namespace

std::string to_openapi(Contract const& contract, DocumentInfo const& info) {
  // What only events have is no part of it.
  Contract routes;
  routes.routes = contract.routes;
  return pretty(OpenApi(routes).write(info));
}

}}}  // namespace aerie::v1::contract
