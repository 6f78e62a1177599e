#include "engineio/request_flow.hpp"

#include "engineio/polling_transport.hpp"
#include "engineio/shard_engine.hpp"

#include <aerie/core/shard.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace aerie { inline namespace v1 { namespace engineio {

namespace {

struct ErrorAnswer {
  int status;
  std::string_view message;
};

// The official server's answers.
constexpr ErrorAnswer error_answers[] = {
    {400, "Transport unknown"}, {400, "Session ID unknown"}, {400, "Bad handshake method"},
    {400, "Bad request"},       {403, "Forbidden"},          {400, "Unsupported protocol version"}};

std::string json_text(std::string_view text) {
  std::string result;
  for (char const c : text) {
    if (static_cast<unsigned char>(c) < 0x20) continue;
    if (c == '"' || c == '\\') result.push_back('\\');
    result.push_back(c);
  }
  return result;
}

std::string error_body(ErrorCode code, std::string_view message) {
  return core::concat("{\"code\":", std::to_string(static_cast<int>(code)), ",\"message\":\"",
                      json_text(message), "\"}");
}

}  // namespace

RequestFlow::RequestFlow(ShardEngine& engine, http::Exchange& exchange, std::string headers)
    : engine_(engine),
      exchange_(&exchange),
      request_(exchange.head()),
      headers_(std::move(headers)),
      websocket_(exchange.upgrade_requested()),
      deadline_(core::Timer::calling<&RequestFlow::timed_out>(this)) {}

ServerOptions const& RequestFlow::options() const noexcept {
  return engine_.options();
}

void RequestFlow::start() {
  if (step_ < engine_.server().steps_.size()) {
    ask([this] { engine_.server().steps_[step_](RequestStep(shared_from_this())); }, ErrorCode::bad_request,
        "MIDDLEWARE_FAILURE");
    return;
  }
  verify();
}

void RequestFlow::advance() {
  ++step_;
  start();
}

// --- Waiting for an answer from outside

/// Puts a question to the server's user. One that throws has said no.
template <class F>
void RequestFlow::ask(F&& question, ErrorCode code, std::string_view context) {
  auto const keep = shared_from_this();
  auto const step = step_;
  wait();
  try {
    question();
  } catch (std::exception const& error) {
    engine_.server().runtime().log().error("engine.io",
                                           core::concat("a hook has thrown (", context, "): ", error.what()));
    decide(step, [code, context](RequestFlow& flow) { flow.refuse(code, context); });
  }
}

void RequestFlow::wait() {
  if (self_) return;
  self_ = shared_from_this();
  exchange_->hold(*this);
  engine_.shard().start(deadline_, options().decision_timeout);
}

void RequestFlow::resume() {
  deadline_.cancel();
  self_.reset();
}

void RequestFlow::decide(std::size_t step, std::function<void(RequestFlow&)> action) {
  auto const run = [flow = shared_from_this(), step, action = std::move(action)] {
    if (flow->exchange_ == nullptr || flow->step_ != step || !flow->self_) return;
    flow->resume();
    // Whoever decides has no use for what a hook throws, and might be the shard itself.
    try {
      action(*flow);
    } catch (std::exception const& error) {
      flow->failed(error);
    }
  };
  if (engine_.shard().in_turn()) {
    run();
  } else {
    engine_.shard().post(run);
  }
}

void RequestFlow::failed(std::exception const& error) {
  engine_.server().runtime().log().error("engine.io", core::concat("a request has failed: ", error.what()));
  if (exchange_ != nullptr) std::exchange(exchange_, nullptr)->respond_and_close(500, {}, {});
}

void RequestFlow::on_aborted(http::Exchange&) {
  exchange_ = nullptr;
  resume();
}

void RequestFlow::timed_out() {
  auto const keep = shared_from_this();
  resume();
  std::exchange(exchange_, nullptr)->respond_and_close(503, "Retry-After: 5\r\n", {});
}

// --- Checks, in the official server's order

void RequestFlow::verify() {
  if (websocket_ && foreign_origin()) {
    return std::exchange(exchange_, nullptr)
        ->respond_and_close(403, "Content-Type: text/html\r\n", "Origin not allowed");
  }
  auto const query = request_.query();
  auto const transport = http::query_parameter(query, "transport");
  auto const& enabled = options().transports;
  auto const known = std::ranges::find_if(enabled, [&](auto kind) { return transport == to_string(kind); });
  if (known == enabled.end()) return refuse(ErrorCode::unknown_transport, "TRANSPORT_UNKNOWN");
  transport_ = *known;
  auto const sid = http::query_parameter(query, "sid");
  if (sid && !sid->empty()) return verify_session(*sid);
  verify_handshake();
}

bool RequestFlow::foreign_origin() const {
  auto const* const cors = engine_.server().cors_.get();
  return cors != nullptr && options().origin_check && !cors->allows_handshake(*exchange_);
}

void RequestFlow::verify_session(std::string_view sid) {
  auto* const session = engine_.find(sid);
  if (session == nullptr || session->missed_its_ping())
    return refuse(ErrorCode::unknown_session, "UNKNOWN_SID");
  auto const misfit = misfit_of(*session);
  if (!misfit.empty()) return refuse(ErrorCode::bad_request, misfit, {}, session);
  add_hook_headers(false);
  auto& exchange = *std::exchange(exchange_, nullptr);
  if (websocket_) {
    engine_.upgrade(exchange, *session, headers_);
  } else {
    session->on_request(exchange, std::move(headers_));
  }
}

std::string_view RequestFlow::misfit_of(Session const& session) const {
  auto const expected = websocket_ ? TransportKind::websocket : session.transport();
  if (transport_ != expected) return "TRANSPORT_MISMATCH";
  if (http::query_parameter(request_.query(), "EIO") != "4") return "PROTOCOL_MISMATCH";
  return {};
}

void RequestFlow::verify_handshake() {
  if (request_.method() != "GET") return refuse(ErrorCode::bad_handshake_method, "BAD_HANDSHAKE_METHOD");
  if (transport_ == TransportKind::websocket && !websocket_) {
    return refuse(ErrorCode::bad_request, "TRANSPORT_HANDSHAKE_ERROR");
  }
  if (websocket_ && transport_ == TransportKind::polling)
    return refuse(ErrorCode::bad_request, "TRANSPORT_MISMATCH");
  ask_permission();
}

void RequestFlow::ask_permission() {
  if (!options().allow_request) return check_protocol();
  ++step_;
  Decision const decision([flow = shared_from_this(), step = step_](bool allowed, std::string message) {
    flow->decide(step, [allowed, message = std::move(message)](RequestFlow& self) {
      if (allowed) {
        self.check_protocol();
      } else {
        self.refuse(ErrorCode::forbidden, "FORBIDDEN", message);
      }
    });
  });
  ask([&] { options().allow_request(request_, decision); }, ErrorCode::forbidden, "FORBIDDEN");
}

void RequestFlow::check_protocol() {
  if (http::query_parameter(request_.query(), "EIO") != "4") {
    return refuse(ErrorCode::unsupported_protocol_version, "UNSUPPORTED_PROTOCOL_VERSION");
  }
  if (has_room()) choose_id();
}

/// Answers the request if the server takes no more sessions.
bool RequestFlow::has_room() {
  if (!engine_.server().closed_.load(std::memory_order_relaxed) && !engine_.full()) return true;
  std::exchange(exchange_, nullptr)->respond_and_close(503, "Retry-After: 5\r\n", {});
  return false;
}

void RequestFlow::choose_id() {
  if (!options().generate_id) return open(engine_.new_id());
  ++step_;
  NewId const answer([flow = shared_from_this(), step = step_](std::optional<std::string> id) {
    flow->decide(step, [id = std::move(id)](RequestFlow& self) {
      // Again: the server may have been closed while somebody thought of an id.
      if (!self.has_room()) return;
      auto const usable = id && !id->empty() && id->size() <= core::Id::max_size;
      if (!usable || !self.engine_.server().claim(*id, self.engine_.shard())) {
        self.refuse(ErrorCode::bad_request, "ID_GENERATION_ERROR");
      } else {
        self.open(core::Id(*id));
      }
    });
  });
  ask([&] { options().generate_id(request_, answer); }, ErrorCode::bad_request, "ID_GENERATION_ERROR");
}

void RequestFlow::open(core::Id id) {
  add_hook_headers(true);
  auto& exchange = *std::exchange(exchange_, nullptr);
  if (websocket_) {
    engine_.open_websocket(exchange, id, headers_);
  } else {
    engine_.open_polling(exchange, id, std::move(headers_));
  }
}

// --- Answers

void RequestFlow::set_header(std::string_view name, std::string_view value) {
  ResponseHeaders(headers_).add(name, value);
}

void RequestFlow::add_hook_headers(bool initial) {
  auto const& hooks = engine_.server().hooks;
  ResponseHeaders headers(headers_);
  if (initial && hooks.initial_headers) hooks.initial_headers(headers, request_);
  if (hooks.headers) hooks.headers(headers, request_);
}

void RequestFlow::respond(http::Response response) {
  if (websocket_) {
    std::exchange(exchange_, nullptr)->drop();
    return;
  }
  for (auto const& [name, value] : response.headers)
    set_header(name, value);
  std::exchange(exchange_, nullptr)->respond(response.status, headers_, response.body);
}

void RequestFlow::refuse(ErrorCode code, std::string_view context, std::string message,
                         Session const* session) {
  auto const& answer = error_answers[static_cast<std::size_t>(code)];
  auto const text = message.empty() ? answer.message : std::string_view(message);
  if (auto const& hook = engine_.server().hooks.connection_error)
    hook({request_, code, text, context, session});
  auto& exchange = *std::exchange(exchange_, nullptr);
  if (websocket_) {
    exchange.respond_and_close(400, headers_ + "Content-Type: text/html\r\n", text);
  } else {
    // The official server does not say how long its refusals are.
    exchange.respond_in_chunks(answer.status, headers_ + "Content-Type: application/json\r\n",
                               error_body(code, text));
  }
}

}}}  // namespace aerie::v1::engineio
