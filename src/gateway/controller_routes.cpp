#include "gateway/controller_routes.hpp"

#include "gateway/http_context.hpp"
#include "gateway/route_paths.hpp"
#include "gateway/text_values.hpp"
#include "gateway/tracing.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/gateway/exceptions.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

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

/// Asks for the first part of a body: until then whatever goes wrong can be answered as any error is.
Task<std::exception_ptr> first_part(http::BodyStream& stream) {
  std::exception_ptr error;
  try {
    auto part = co_await stream.parts.next();
    // Of an empty body, too: nobody is to ask for more behind its end.
    stream.first = part ? std::move(*part) : std::string();
  } catch (Cancelled const&) {
    throw;
  } catch (...) {
    error = std::current_exception();
  }
  co_return error;
}

}  // namespace

void ControllerRoutes::set_prefix(std::string prefix, GlobalPrefixOptions options) {
  settings_.prefix = std::move(prefix);
  settings_.prefix_options = std::move(options);
}

void ControllerRoutes::set_versioning(VersioningOptions options) {
  check(options);
  settings_.versioning = std::move(options);
}

void ControllerRoutes::bind(Container const& container, ApplicationLayers const& global, http::Server& http) {
  http.errors(answer_error);
  for (auto const& node : container.modules()) {
    for (auto const& listed : node->module().controller_list())
      bind(*node, listed, global);
  }
  for (auto const& group : groups_)
    serve(group, http);
}

void ControllerRoutes::bind(ModuleNode& node, Listed<ControllerDescription> const& listed,
                            ApplicationLayers const& global) {
  descriptions_.push_back(listed.describe());
  auto const& description = *descriptions_.back();
  RouteBuilder routes(description.type, node.resolve(listed.type), node, global, description.layers,
                      description.metadata);
  for (auto const& described : description.routes) {
    for (auto& place : places_of(described, description, settings_))
      add(described, routes, std::move(place));
  }
}

void ControllerRoutes::add(ControllerRoute const& described, RouteBuilder& routes, RoutePlace place) {
  Entry entry{described, std::move(place.versions),
              routes.make(std::move(place.path), *described.handler, described.layers, described.metadata)};
  auto& multipart = entry.described.multipart;
  if (described.handler->takes_files && !multipart) multipart.emplace();
  entry.body_limit =
      described.body_limit.value_or(multipart ? multipart->max_body_bytes : http::RouteOptions().body_limit);
  check(entry.route);
  put(entries_.emplace_back(std::move(entry)));
}

void ControllerRoutes::put(Entry const& entry) {
  auto*& known = group_at_[{entry.described.method, entry.route.pattern}];
  if (known == nullptr) known = &groups_.emplace_back();
  auto& group = *known;
  for (auto const* const other : group.entries) {
    auto const same_version = [&](std::string const& version) {
      return std::ranges::find(other->versions, version) != other->versions.end();
    };
    auto const same =
        entry.versions.empty() ? other->versions.empty() : std::ranges::any_of(entry.versions, same_version);
    if (same) {
      throw StartError(core::concat("aerie: route \"", entry.route.pattern, "\": there is one for ",
                                    http::to_string(entry.described.method), " already (",
                                    name_of(entry.route), ")"));
    }
    if (other->described.cancels_on_leave != entry.described.cancels_on_leave) {
      throw StartError(core::concat("aerie: of the versions of ", entry.route.pattern, " only one has ",
                                    "cancel_on_leave; say it of ", name_of(entry.route), " and ",
                                    name_of(other->route), " alike"));
    }
  }
  group.entries.push_back(&entry);
  if (!entry.versions.empty())
    group.vary =
        settings_.versioning->type == VersioningType::header ? settings_.versioning->header : "Accept";
}

void ControllerRoutes::serve(Group const& group, http::Server& http) const {
  auto const& first = *group.entries.front();
  http::RouteOptions options;
  options.body_limit = std::ranges::max(group.entries, {}, &Entry::body_limit)->body_limit;
  options.cancel_on_leave = first.described.cancels_on_leave;
  // Whoever returns a response may stream it, and what a stream throws is known only when somebody waits for
  // it.
  auto const at_once = std::ranges::all_of(group.entries, [](Entry const* entry) {
    return entry->route.is_plain() && entry->route.filters.empty() &&
           entry->route.handler->result != type_id<http::Response>();
  });
  http::RouteHandler handler;
  if (at_once) {
    handler = [this, &group](http::Request const& request) { return answer_plain(group, request); };
  } else {
    handler = [this, &group](http::Request const& request) { return answer(group, request); };
  }
  try {
    http.route(first.described.method, first.route.pattern, std::move(handler), options);
  } catch (std::invalid_argument const& error) {
    throw StartError(core::concat(error.what(), " (", name_of(first.route), ")"));
  }
}

/// Null if nobody answers the version that is asked for.
ControllerRoutes::Entry const* ControllerRoutes::select(Group const& group,
                                                        http::Request const& request) const {
  if (group.vary.empty()) return group.entries.front();
  auto const wanted = requested_version(*settings_.versioning, request.head);
  Entry const* any = nullptr;
  for (auto const* const entry : group.entries) {
    if (entry->versions.empty()) any = entry;
    if (wanted && std::ranges::find(entry->versions, *wanted) != entry->versions.end()) return entry;
  }
  return any;
}

http::Response ControllerRoutes::finished(Group const& group, http::Response response) const {
  if (!group.vary.empty()) response.add("Vary", group.vary);
  return response;
}

http::Response ControllerRoutes::answer_plain(Group const& group, http::Request const& request) const {
  auto const* const entry = select(group, request);
  if (entry == nullptr) return finished(group, answer_error(404, request.head));
  if (request.body.size() > entry->body_limit) return finished(group, answer_error(413, request.head));
  auto& shard = *core::Shard::current();
  auto const span = span_of_request(shard, entry->route, request);
  SpanScope const scope(span);
  HttpContext context(entry->route, entry->described, request, shard);
  auto error = context.read_body();
  if (!error) static_cast<void>(run_plain(context, error));
  if (error) context.deliver_error(error);
  auto response = context.take_response();
  describe_response(span, response);
  return finished(group, std::move(response));
}

Task<http::Response> ControllerRoutes::answer(Group const& group, http::Request const& request) const {
  auto const* const entry = select(group, request);
  if (entry == nullptr) co_return finished(group, answer_error(404, request.head));
  if (request.body.size() > entry->body_limit) co_return finished(group, answer_error(413, request.head));
  auto& shard = *core::Shard::current();
  auto const span = span_of_request(shard, entry->route, request);
  SpanScope const scope(span);
  HttpContext context(entry->route, entry->described, request, shard);
  auto error = context.read_body();
  if (!error) {
    if (auto rest = run(context)) co_await std::move(*rest);
  }
  auto response = context.take_response();
  if (!error && response.stream && !response.stream->is_endless)
    error = co_await first_part(*response.stream);
  if (error) {
    co_await handle_error(context, std::move(error));
    response = context.take_response();
  }
  describe_response(span, response);
  span.end();
  co_return finished(group, std::move(response));
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
