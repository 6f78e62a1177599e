#include "gateway/controller_routes.hpp"

#include "gateway/http_context.hpp"
#include "gateway/text_values.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/gateway/exceptions.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

/// "/chat/rooms" of "/chat/" and "rooms".
std::string join(std::string_view base, std::string_view path) {
  std::string joined;
  for (auto part : {base, path}) {
    while (part.starts_with('/'))
      part.remove_prefix(1);
    while (part.ends_with('/'))
      part.remove_suffix(1);
    if (!part.empty()) joined.append("/").append(part);
  }
  return joined.empty() ? "/" : joined;
}

std::string name_of(Route const& route) {
  return core::concat(route.class_name, "::", route.handler->name);
}

bool has_parameter(std::string_view pattern, std::string_view name) {
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    auto const segment = pattern.substr(0, pattern.find('/'));
    auto const is_it =
        segment.size() > 1 && (segment.front() == ':' || segment.front() == '*') && segment.substr(1) == name;
    if (is_it) return true;
    pattern.remove_prefix(segment.size());
  }
  return false;
}

/// As it is written: `aerie::Query<"page">`.
std::string written(PipedParameter const& parameter) {
  std::string_view const kind = parameter.source == ArgumentSource::param   ? "Param"
                                : parameter.source == ArgumentSource::query ? "Query"
                                                                            : "Header";
  return core::concat("aerie::", kind, "<\"", parameter.name, "\">");
}

/// Refuses a parameter whose type nothing that is sent as text can be: every request would be answered 400.
void check_can_be_text(Route const& route, PipedParameter const& parameter,
                       std::vector<std::shared_ptr<Pipe>> const& pipes) {
  auto const source = parameter.source;
  if (source == ArgumentSource::body || source == ArgumentSource::custom) return;
  if (!std::ranges::all_of(pipes, [](auto const& pipe) { return pipe->only_checks(); })) return;
  auto const& shape = parameter.type->shape;
  std::string culprit;
  if (parameter.name.empty() && is_never_form(shape, culprit)) {
    auto const what = culprit.empty() ? std::string("which is an object of texts")
                                      : core::concat("whose member \"", culprit, "\" no text can be");
    throw StartError(
        core::concat("aerie: ", name_of(route), " takes ", written(parameter), ", ", what,
                     "; describe a struct of what texts can be: texts, numbers, booleans, dates, "
                     "enumerations and lists of these"));
  }
  auto const is_one_text = source == ArgumentSource::param;
  if (!parameter.name.empty() && (is_never_text(shape) || (is_one_text && is_list(shape)))) {
    throw StartError(core::concat("aerie: ", name_of(route), " takes ", written(parameter),
                                  " as a type that its text can never be; add a pipe that makes it of the "
                                  "text, such as aerie::ParseArray<>"));
  }
}

void check(Route const& route) {
  auto const wanted = route.handler->client;
  if (wanted != nullptr && wanted != type_id<http::Request>()) {
    throw StartError(core::concat("aerie: ", name_of(route), " asks for ", wanted->name,
                                  "&, but it answers HTTP requests, which have none; ask for aerie::http::"
                                  "Request const& or aerie::ExecutionContext&"));
  }
  for (std::size_t i = 0; i < route.handler->piped.size(); ++i) {
    auto const& parameter = route.handler->piped[i];
    check_can_be_text(route, parameter, route.pipes[i]);
    if (parameter.source != ArgumentSource::param || parameter.name.empty()) continue;
    if (has_parameter(route.pattern, parameter.name)) continue;
    throw StartError(core::concat("aerie: ", name_of(route), " takes aerie::Param<\"", parameter.name,
                                  "\">, but its path is ", route.pattern, "; write :", parameter.name,
                                  " where it stands in the path"));
  }
}

/// What NestJS answers where no handler can.
http::Response answer_error(int status, http::RequestHead const& head) {
  if (status == 404) {
    return to_response(NotFoundException(core::concat("Cannot ", head.method(), " ", head.target())));
  }
  if (status == 413) return to_response(HttpException(413, "request entity too large"));
  return to_response(HttpException(status, "Internal server error"));
}

}  // namespace

void ControllerRoutes::bind(Container const& container, std::vector<MadeLayer> const& global,
                            http::Server& http) {
  http.errors(answer_error);
  for (auto const& node : container.modules()) {
    for (auto const& listed : node->module().controller_list())
      bind(*node, listed, global, http);
  }
}

void ControllerRoutes::bind(ModuleNode& node, Listed<ControllerDescription> const& listed,
                            std::vector<MadeLayer> const& global, http::Server& http) {
  descriptions_.push_back(listed.describe());
  auto const& description = *descriptions_.back();
  RouteBuilder routes(description.type, node.resolve(listed.type), node, global, description.layers,
                      description.metadata);
  for (auto const& described : description.routes) {
    auto route = routes.make(join(description.path, described.path), *described.handler, described.layers,
                             described.metadata);
    check(route);
    entries_.push_back({described, std::move(route)});
    add(entries_.back(), http);
  }
}

void ControllerRoutes::add(Entry const& entry, http::Server& http) {
  http::RouteOptions options;
  options.body_limit = entry.described.body_limit.value_or(options.body_limit);
  options.cancel_on_leave = entry.described.cancels_on_leave;
  http::RouteHandler handler;
  if (entry.route.is_plain() && entry.route.filters.empty()) {
    handler = [&entry](http::Request const& request) { return answer_plain(entry, request); };
  } else {
    handler = [&entry](http::Request const& request) { return answer(entry, request); };
  }
  try {
    http.route(entry.described.method, entry.route.pattern, std::move(handler), options);
  } catch (std::invalid_argument const& error) {
    throw StartError(core::concat(error.what(), " (", name_of(entry.route), ")"));
  }
}

http::Response ControllerRoutes::answer_plain(Entry const& entry, http::Request const& request) {
  HttpContext context(entry.route, entry.described, request, *core::Shard::current());
  auto error = context.read_body();
  if (!error) static_cast<void>(run_plain(context, error));
  if (error) context.deliver_error(error);
  return context.take_response();
}

Task<http::Response> ControllerRoutes::answer(Entry const& entry, http::Request const& request) {
  HttpContext context(entry.route, entry.described, request, *core::Shard::current());
  if (auto error = context.read_body()) {
    co_await handle_error(context, std::move(error));
  } else {
    co_await run(context);
  }
  co_return context.take_response();
}

void ControllerRoutes::for_each(std::function<void(Route const&)> const& visit) const {
  for (auto const& entry : entries_)
    visit(entry.route);
}

void ControllerRoutes::log(Logger const& log) const {
  for (auto const& entry : entries_) {
    log.info("gateway", core::concat(http::to_string(entry.described.method), " ", entry.route.pattern, " → ",
                                     name_of(entry.route)));
  }
}

}}}  // namespace aerie::v1::gateway
