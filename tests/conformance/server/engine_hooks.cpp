#include "engine_hooks.hpp"

#include "later.hpp"

#include <aerie/core/id.hpp>
#include <aerie/http/query.hpp>

#include <charconv>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace conformance {

namespace {

using aerie::core::Milliseconds;
using aerie::engineio::CloseReason;
using aerie::engineio::ConnectionError;
using aerie::engineio::ErrorCode;
using aerie::engineio::RequestStep;
using aerie::engineio::ResponseHeaders;
using aerie::engineio::Session;
using aerie::http::RequestHead;

std::optional<std::string> parameter(RequestHead const& request, std::string_view name) {
  return aerie::http::query_parameter(request.query(), name);
}

aerie::Value number(std::string_view text) {
  int value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? aerie::Value(value) : aerie::Value(text);
}

void use_middlewares(aerie::engineio::Server& engine, Log& log) {
  engine.use([&log](RequestStep const& step) {
    log.add("engine_middleware", {{"n", 1}});
    step.set_header("x-first", "1");
    step.next();
  });
  engine.use([&log](RequestStep const& step) {
    log.add("engine_middleware", {{"n", 2}});
    step.set_header("x-second", "1");
    auto const mode = parameter(step.request(), "mw");
    if (mode == "end") {
      step.respond({418, {}, "teapot"});
    } else if (mode == "error") {
      step.fail();
    } else if (mode == "delay") {
      later(Milliseconds(20), [step] { step.next(); });
    } else {
      step.next();
    }
  });
}

void listen_to_headers(aerie::engineio::Server& engine, Log& log) {
  engine.hooks.initial_headers = [&log](ResponseHeaders& headers, RequestHead const& request) {
    headers.add("x-initial", "1");
    log.add("initial_headers", {{"url", request.target()}});
  };
  engine.hooks.headers = [&log](ResponseHeaders& headers, RequestHead const& request) {
    headers.add("x-every", "1");
    log.add("headers", {{"url", request.target()}});
  };
}

/// What the official server tells of a refused request.
aerie::Object context_of(ConnectionError const& error) {
  auto const& request = error.request;
  aerie::Object context{{"name", error.context}, {"method", request.method()}};
  for (auto const* const name : {"transport", "sid"}) {
    if (auto const value = parameter(request, name)) context.set(name, *value);
  }
  if (auto const version = parameter(request, "EIO")) context.set("protocol", number(*version));
  if (error.code == ErrorCode::forbidden) context.set("message", error.message);
  if (error.session != nullptr) {
    context.set("previousTransport", to_string(error.session->transport()));
    context.set("previousProtocol", static_cast<int>(error.session->protocol()));
  }
  return context;
}

void log_connection_error(ConnectionError const& error, Log& log) {
  // The official event has the code's own sentence; what allow_request said is in the context.
  auto const message = error.code == ErrorCode::forbidden ? std::string_view("Forbidden") : error.message;
  log.add("connection_error", {{"code", static_cast<int>(error.code)},
                               {"message", message},
                               {"context", context_of(error)},
                               {"url", error.request.target()}});
}

void log_sessions(aerie::engineio::ServerHooks& hooks, Log& log) {
  // Whoever serves the sessions listens, too.
  hooks.connection = [&log, serve = std::move(hooks.connection)](Session& session) {
    log.add("engine_connection", {{"sid", session.id()},
                                  {"transport", to_string(session.transport())},
                                  {"protocol", static_cast<int>(session.protocol())},
                                  {"remoteAddress", session.peer().address()},
                                  {"url", session.request().target()}});
    if (serve) serve(session);
  };
  hooks.upgrading = [&log](Session& session) {
    log.add("engine_upgrading", {{"sid", session.id()}, {"transport", "websocket"}});
  };
  hooks.upgrade = [&log](Session& session) {
    log.add("engine_upgrade", {{"sid", session.id()}, {"transport", to_string(session.transport())}});
  };
  hooks.close = [&log](Session& session, CloseReason reason) {
    log.add("engine_close", {{"sid", session.id()}, {"reason", to_string(reason)}});
  };
}

}  // namespace

void allow_request(RequestHead const& request, aerie::engineio::Decision decision) {
  if (parameter(request, "allow_throw")) throw std::runtime_error("allow_request threw");
  auto decide = [decision, deny = parameter(request, "deny")] {
    if (!deny) {
      decision.allow();
    } else {
      decision.deny(*deny == "1" ? std::string() : *deny);
    }
  };
  if (auto const delay = parameter(request, "delay")) {
    later(Milliseconds(std::stoi(*delay)), std::move(decide));
  } else {
    decide();
  }
}

void generate_id(RequestHead const& request, aerie::engineio::NewId id) {
  auto give = [id, wanted = parameter(request, "id"), fails = parameter(request, "id_fail").has_value()] {
    if (fails) return id.fail();
    if (wanted) return id.use(*wanted);
    auto const shard = static_cast<std::uint8_t>(aerie::core::Shard::current()->index());
    id.use(std::string(aerie::core::IdSource(shard).next().view()));
  };
  if (auto const delay = parameter(request, "id_delay")) {
    later(Milliseconds(std::stoi(*delay)), std::move(give));
  } else {
    give();
  }
}

void install_hooks(aerie::engineio::Server& engine, Options const& options, Log& log) {
  if (options.engine_middleware) use_middlewares(engine, log);
  if (options.header_events) listen_to_headers(engine, log);
  log_sessions(engine.hooks, log);
  engine.hooks.connection_error = [&log](ConnectionError const& error) { log_connection_error(error, log); };
}

}  // namespace conformance
