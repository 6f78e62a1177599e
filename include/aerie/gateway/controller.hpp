#pragma once

/// \file
/// Controllers: classes whose member functions answer HTTP requests.
///
///     class ChatController {
///      public:
///       explicit ChatController(ChatService& chat) : chat_(chat) {}
///
///       static void describe(aerie::Controller<ChatController>& c) {
///         c.at("/chat");
///         c.get<&ChatController::history>("rooms/:id/messages");
///         c.post<&ChatController::send>("rooms/:id/messages").use<RoomGuard>();
///       }
///
///      private:
///       std::vector<Message> history(aerie::Param<"id", std::int64_t> room);
///       Message send(aerie::Param<"id", std::int64_t> room, NewMessage const& body);
///       ChatService& chat_;
///     };
///
/// What a handler returns is the body: JSON, but for a single text, number or bool, which is sent as
/// `text/plain`; `.header("Content-Type", "text/html; charset=utf-8")` says that it is a page. Nothing, null
/// and undefined are an empty body; of a stream the last value counts, unless it is one of server-sent events
/// (`c.sse`); an http::Response is sent as it is, also one whose body is made meanwhile
/// (`http::Response::streamed`). The status is 200, for POST 201. An HttpException is an answer with its
/// status; whatever else is thrown, a WsException too, is logged and answered 500.
/// https://docs.nestjs.com/controllers

#include <aerie/core/api.hpp>
#include <aerie/gateway/handler.hpp>
#include <aerie/gateway/layers.hpp>
#include <aerie/gateway/module.hpp>
#include <aerie/gateway/type_id.hpp>
#include <aerie/gateway/versioning.hpp>
#include <aerie/http/multipart.hpp>
#include <aerie/http/request_head.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

namespace gateway {

/// A request that a controller answers.
struct ControllerRoute {
  http::Method method = http::Method::get;
  /// Below the controller's own path.
  std::string path;
  HandlerDescription const* handler = nullptr;
  Layers layers;
  std::vector<Metadata> metadata;
  /// Of an answer that is no error.
  std::optional<int> status;
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<std::size_t> body_limit;
  /// Forms with files are read.
  std::optional<http::MultipartLimits> multipart;
  /// Nothing: its controller's. Empty: whatever is asked for.
  std::optional<std::vector<std::string>> versions;
  bool is_event_stream = false;
  bool cancels_on_leave = false;
  /// For contracts.
  std::string description = {};
  TypeOps const* answer = nullptr;
};

/// What a controller has said of itself. Immutable once described.
struct ControllerDescription {
  TypeId type = nullptr;
  std::string path;
  /// Nothing: the application's default.
  std::optional<std::vector<std::string>> versions;
  std::deque<ControllerRoute> routes;  // builders keep references into it
  Layers layers;
  std::vector<Metadata> metadata;
  /// For contracts: what it is, and the body of its errors.
  std::string description;
  TypeOps const* error = nullptr;
  bool is_undocumented = false;
};

}  // namespace gateway

/// One route, to say more about it.
class AERIE_API ControllerRouteBuilder : public gateway::Layered<ControllerRouteBuilder> {
 public:
  /// For the framework; callers use the Controller's `get`, `post` and so on.
  explicit ControllerRouteBuilder(gateway::ControllerRoute& route) : route_(route) {}

  /// The status of an answer that is no error.
  ControllerRouteBuilder& http_code(int status) {
    route_.status = status;
    return *this;
  }
  /// A header of every answer that is no error. Throws std::invalid_argument if it is not allowed
  /// (http::append_header).
  ControllerRouteBuilder& header(std::string_view name, std::string_view value);
  /// The largest body that is read, in bytes; a larger one is answered 413. By default
  /// http::RouteOptions::body_limit.
  ControllerRouteBuilder& body_limit(std::size_t bytes) {
    route_.body_limit = bytes;
    return *this;
  }
  /// Reads bodies of the type `multipart/form-data` within these limits: files are for parameters
  /// `aerie::File<"avatar">` and `aerie::Files<"photos">`, all other fields are the payload, as those of any
  /// form. A route with such a parameter does so anyway, with the default limits. What is malformed or beyond
  /// a limit is answered 400, a file or body that is too large 413.
  ControllerRouteBuilder& multipart(http::MultipartLimits limits = {}) {
    route_.multipart = limits;
    return *this;
  }
  /// The versions that it answers, in place of its controller's; see Application::enable_versioning.
  ControllerRouteBuilder& version(std::string version) { return versions({std::move(version)}); }
  ControllerRouteBuilder& version(VersionNeutral) { return versions({}); }
  /// The same with several versions; none: any.
  ControllerRouteBuilder& versions(std::vector<std::string> versions) {
    route_.versions = std::move(versions);
    return *this;
  }
  /// Cancels the handler when its client leaves (`Cancelled` at its next `co_await`). Otherwise a handler
  /// that has begun runs to its end, and its answer goes nowhere.
  ControllerRouteBuilder& cancel_on_leave() {
    route_.cancels_on_leave = true;
    return *this;
  }

  /// What the route is for, in a sentence, for contracts (docs/contracts.md).
  ControllerRouteBuilder& description(std::string text) {
    route_.description = std::move(text);
    return *this;
  }
  /// The body of an answer that is no error, for contracts, where the handler's return type does not say: it
  /// returns a Value or an http::Response, or an interceptor makes something else of it.
  template <class T>
  ControllerRouteBuilder& returns() {
    route_.answer = &type_ops<T>;
    return *this;
  }

  /// For the framework: the guards, pipes, interceptors and filters of the route alone.
  gateway::Layers& layers() noexcept { return route_.layers; }
  /// For the framework: what `meta` was told.
  std::vector<gateway::Metadata>& metadata() noexcept { return route_.metadata; }

 private:
  gateway::ControllerRoute& route_;
};

/// What a controller's `describe` is given.
template <class C>
class Controller : public gateway::Layered<Controller<C>> {
 public:
  /// For the framework: it fills `description`.
  explicit Controller(gateway::ControllerDescription& description) : description_(description) {}

  /// What the paths of all its routes begin with: "/chat".
  Controller& at(std::string path) {
    description_.path = std::move(path);
    return *this;
  }

  /// What the controller is, in a sentence, for contracts (docs/contracts.md).
  Controller& description(std::string text) {
    description_.description = std::move(text);
    return *this;
  }
  /// The body of its errors, for contracts, where a filter makes another one than `{statusCode, message}`.
  template <class T>
  Controller& refuses_with() {
    description_.error = &type_ops<T>;
    return *this;
  }
  /// Leaves it out of contracts.
  Controller& undocumented() {
    description_.is_undocumented = true;
    return *this;
  }

  /// The versions that its routes answer; see Application::enable_versioning.
  Controller& version(std::string version) { return versions({std::move(version)}); }
  Controller& version(VersionNeutral) { return versions({}); }
  /// The same with several versions; none: any.
  Controller& versions(std::vector<std::string> versions) {
    description_.versions = std::move(versions);
    return *this;
  }

  /// A route. In its path a segment `:name` matches any one segment, a last segment `*name` the rest; of
  /// several routes that match, the more literal one answers. Upper and lower case differ; a slash at the end
  /// does not count. HEAD is answered by the route for GET.
  template <auto Member>
  ControllerRouteBuilder get(std::string path = {}) {
    return add<Member>(http::Method::get, std::move(path));
  }
  /// A route for POST, as `get`. Its answer is 201 unless it is said otherwise.
  template <auto Member>
  ControllerRouteBuilder post(std::string path = {}) {
    return add<Member>(http::Method::post, std::move(path));
  }
  /// A route for PUT, as `get`.
  template <auto Member>
  ControllerRouteBuilder put(std::string path = {}) {
    return add<Member>(http::Method::put, std::move(path));
  }
  /// A route for PATCH, as `get`.
  template <auto Member>
  ControllerRouteBuilder patch(std::string path = {}) {
    return add<Member>(http::Method::patch, std::move(path));
  }
  /// A route for DELETE, as `get`.
  template <auto Member>
  ControllerRouteBuilder del(std::string path = {}) {
    return add<Member>(http::Method::del, std::move(path));
  }

  /// A GET route of server-sent events: its handler returns a Generator, whose items are the events. A
  /// http::ServerSentEvent is sent as it is, an Event with its name, anything else as `message`; data is
  /// JSON, a text itself. It ends when the client leaves, or the server closes; an exception is sent as the
  /// event `error`, and the end. https://docs.nestjs.com/techniques/server-sent-events
  template <auto Member>
  ControllerRouteBuilder sse(std::string path = {}) {
    using Result = typename socketio::TaskTraits<
        typename gateway::detail::MemberTraits<decltype(Member)>::Result>::Value;
    static_assert(gateway::detail::is_generator<Result>,
                  "aerie: the handler of a route of server-sent events returns an aerie::Generator of them");
    auto& route = add_route<Member>(http::Method::get, std::move(path));
    route.is_event_stream = true;
    return ControllerRouteBuilder(route);
  }

  /// For the framework: the guards, pipes, interceptors and filters of all its routes.
  gateway::Layers& layers() noexcept { return description_.layers; }
  /// For the framework: what `meta` was told.
  std::vector<gateway::Metadata>& metadata() noexcept { return description_.metadata; }

 private:
  template <auto Member>
  ControllerRouteBuilder add(http::Method method, std::string path) {
    return ControllerRouteBuilder(add_route<Member>(method, std::move(path)));
  }
  template <auto Member>
  gateway::ControllerRoute& add_route(http::Method method, std::string path) {
    auto& route = description_.routes.emplace_back();
    route.method = method;
    route.path = std::move(path);
    route.handler = &gateway::handler_of<C, Member>;
    return route;
  }

  gateway::ControllerDescription& description_;
};

namespace gateway {

template <class C>
std::shared_ptr<ControllerDescription const> describe_controller() {
  static_assert(
      requires(Controller<C> & c) { C::describe(c); },
      "aerie: a controller has a `static void describe(aerie::Controller<C>& c)`");
  auto description = std::make_shared<ControllerDescription>();
  description->type = type_id<C>();
  Controller<C> builder(*description);
  C::describe(builder);
  return description;
}

}  // namespace gateway
}}  // namespace aerie::v1
