#include "engineio/request_flow.hpp"

#include "engineio/protocol_query.hpp"
#include "engineio/shard_engine.hpp"

#include <aerie/core/ascii.hpp>
#include <aerie/core/shard.hpp>

#include <algorithm>
#include <utility>
#include <variant>

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

/// What is wrong with an id of a user's making: the rule that it breaks, or "". It stands in URLs, headers,
/// cookies and JSON, where other characters would be more than themselves.
std::string_view problem_of(std::string_view id) noexcept {
  if (id.empty() || id.size() > core::Id::max_size) return "must have 1 to 39 characters";
  auto const is_safe = [](char c) {
    return core::is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
  };
  if (!std::ranges::all_of(id, is_safe))
    return "must consist of letters, digits and - . _ ~, which mean the same in URLs, headers, cookies and "
           "JSON";
  return {};
}

}  // namespace

RequestFlow::RequestFlow(ShardEngine& engine, http::Exchange& exchange, std::string headers)
    : engine_(engine),
      exchange_(exchange),
      request_(exchange.head()),
      headers_(std::move(headers)),
      websocket_(exchange.upgrade_requested()) {}

RequestFlow::~RequestFlow() {
  exchange_.drop();
}

ServerOptions const& RequestFlow::options() const noexcept {
  return engine_.options();
}

void RequestFlow::start() {
  carry_on([this] { run_step(); });
}

/// Does a part of the work. Whoever has made it go on has no use for what goes wrong in it, and might be the
/// shard itself.
template <class F>
void RequestFlow::carry_on(F&& action) noexcept {
  try {
    action();
  } catch (...) {
    core::report_exception(engine_.log(), {"engine.io", "a request", request_.path()});
    exchange_.respond_and_close(500, {}, {});
  }
  if (done()) give_up();
}

/// Puts a question to the server's user, who must not be waited for in vain: by the deadline there is an
/// answer.
template <class Answer>
core::Reply<Answer> RequestFlow::ask(core::Question<Answer>& question, void (RequestFlow::*then)(Answer)) {
  exchange_.hold(*this);
  return question.ask(options().decision_timeout, [this, then](std::optional<Answer> answer) {
    carry_on([&] {
      if (answer) {
        (this->*then)(std::move(*answer));
      } else {
        engine_.refused(Refusal::undecided);
        refuse_for_now();
      }
    });
  });
}

RequestFlow::Asked& RequestFlow::asked() {
  if (!asked_) asked_ = std::make_unique<Asked>(engine_.shard());
  return *asked_;
}

void RequestFlow::give_up() noexcept {
  if (asked_) {
    asked_->flow.cut();
    asked_->step.withdraw();
    asked_->permission.withdraw();
    asked_->id.withdraw();
  }
  engine_.forget(*this);
}

void RequestFlow::on_aborted(http::Exchange&) {
  give_up();
}

void RequestFlow::abandon() noexcept {
  exchange_.drop();
  give_up();
}

// --- Middlewares

void RequestFlow::run_step() {
  auto const& steps = engine_.server().steps;
  if (step_ == steps.size()) return verify();
  auto const& step = steps[step_++];
  auto const answer = ask(asked().step, &RequestFlow::decided);
  if (!engine_.call("a middleware", step, RequestStep(answer, asked().flow.ref(), *this, request_)))
    answer(RequestStep::Fail{});
}

void RequestFlow::decided(RequestStep::Answer answer) {
  if (std::holds_alternative<RequestStep::Next>(answer)) return run_step();
  if (auto const* const response = std::get_if<http::Response>(&answer)) return respond(*response);
  refuse(ErrorCode::bad_request, "MIDDLEWARE_FAILURE");
}

// --- Checks, in the official server's order

void RequestFlow::verify() {
  ProtocolQuery const query(request_.query());
  if (foreign_origin(query)) {
    engine_.refused(Refusal::origin);
    return exchange_.respond_and_close(403, "Content-Type: text/html\r\n", "Origin not allowed");
  }
  auto const& enabled = options().transports;
  auto const known =
      std::ranges::find_if(enabled, [&](auto kind) { return query.transport() == to_string(kind); });
  if (known == enabled.end()) return refuse(ErrorCode::unknown_transport, "TRANSPORT_UNKNOWN");
  transport_ = type_of(*known);
  if (!query.sid().empty()) return verify_session(query);
  dialect_ = query.dialect();
  if (auto const function = query.function()) function_ = *function;
  verify_handshake();
}

/// Of requests that browsers send without asking whether the other origin agrees.
bool RequestFlow::foreign_origin(ProtocolQuery const& query) const {
  auto const* const cors = engine_.server().cors.get();
  if (cors == nullptr || !options().origin_check) return false;
  if (websocket_) return !cors->allows_handshake(exchange_);
  if (!query.function()) return false;
  // A script element does not say where it stands, but newer browsers do (Fetch Metadata), and their pages
  // have no need of JSONP.
  auto const site = request_.header("sec-fetch-site");
  return site == "cross-site" || site == "same-site";
}

void RequestFlow::verify_session(ProtocolQuery const& query) {
  auto* const session = engine_.find(query.sid());
  // Behind a load balancer it may be another server's, to which a 503 leads (nginx: proxy_next_upstream).
  if (session == nullptr && engine_.server().closed.load(std::memory_order_relaxed)) {
    engine_.refused(Refusal::closing);
    return refuse_for_now();
  }
  if (session == nullptr || session->missed_its_ping())
    return refuse(ErrorCode::unknown_session, "UNKNOWN_SID");
  auto const misfit = misfit_of(*session, query);
  if (!misfit.empty()) return refuse(ErrorCode::bad_request, misfit, {}, session);
  add_hook_headers(false);
  if (done()) return;
  if (session->state() == Session::State::closed) return refuse(ErrorCode::unknown_session, "UNKNOWN_SID");
  auto exchange = std::exchange(exchange_, {});
  if (websocket_) {
    engine_.upgrade(exchange, *session, headers_);
  } else {
    session->on_request(exchange, std::move(headers_));
  }
}

std::string_view RequestFlow::misfit_of(Session const& session, ProtocolQuery const& query) const {
  auto const fits = websocket_ ? transport_->by_upgrade_request : transport_->kind == session.transport();
  if (!fits) return "TRANSPORT_MISMATCH";
  if (query.dialect().protocol != session.protocol()) return "PROTOCOL_MISMATCH";
  return {};
}

void RequestFlow::verify_handshake() {
  if (request_.method() != "GET") return refuse(ErrorCode::bad_handshake_method, "BAD_HANDSHAKE_METHOD");
  if (transport_->by_upgrade_request != websocket_) {
    return refuse(ErrorCode::bad_request, websocket_ ? "TRANSPORT_MISMATCH" : "TRANSPORT_HANDSHAKE_ERROR");
  }
  ask_permission();
}

void RequestFlow::ask_permission() {
  auto const& allow_request = options().allow_request;
  if (!allow_request) return check_protocol();
  auto const answer = ask(asked().permission, &RequestFlow::permitted);
  if (!engine_.call("allow_request", allow_request, request_, Decision(answer))) answer({false, {}});
}

void RequestFlow::permitted(Decision::Verdict verdict) {
  if (verdict.allowed) return check_protocol();
  refuse(ErrorCode::forbidden, "FORBIDDEN", verdict.message);
}

void RequestFlow::check_protocol() {
  if (dialect_.protocol == Protocol::v4 || options().allow_eio3) {
    if (has_room()) choose_id();
    return;
  }
  if (http::query_parameter(request_.query(), "EIO") == "3") {
    engine_.log().write_once(
        LogLevel::warning, "engine.io", "EIO=3",
        "a client of Engine.IO protocol 3 was refused: to let clients of Socket.IO 1 and 2 in, set "
        "ServerOptions::allow_eio3; or use one that speaks protocol 4, as socket.io-client 3 and later do");
  }
  refuse(ErrorCode::unsupported_protocol_version, "UNSUPPORTED_PROTOCOL_VERSION");
}

/// Answers the request if the server takes no more sessions.
bool RequestFlow::has_room() {
  auto const closed = engine_.server().closed.load(std::memory_order_relaxed);
  if (!closed && !engine_.full()) return true;
  if (closed) engine_.refused(Refusal::closing);
  refuse_for_now();
  return false;
}

void RequestFlow::choose_id() {
  auto const& generate_id = options().generate_id;
  if (!generate_id) return open(engine_.new_id());
  auto const answer = ask(asked().id, &RequestFlow::named);
  if (!engine_.call("generate_id", generate_id, request_, NewId(answer))) answer(std::nullopt);
}

void RequestFlow::named(std::optional<std::string> id) {
  auto const problem = id ? problem_of(*id) : std::string_view();
  auto const usable = id && problem.empty();
  if (usable && engine_.server().directory->claim(*id, engine_.shard().index())) return open(core::Id(*id));
  if (id) {
    // Not the id itself: it is a secret, or what an attacker would like to see in the log.
    auto const why = usable ? "must be one that is not in use" : problem;
    engine_.log().write_once(
        LogLevel::warning, "engine.io", why,
        core::concat("a session was refused: the id that ServerOptions::generate_id gave ", why));
  }
  refuse(ErrorCode::bad_request, "ID_GENERATION_ERROR");
}

void RequestFlow::open(core::Id id) {
  // Again: the server may have been closed while somebody thought of an id.
  auto place = engine_.take_place(exchange_, id);
  if (!place) {
    if (auto const& directory = engine_.server().directory) directory->release(id);
    return refuse_for_now();
  }
  add_hook_headers(true);
  if (done()) return;
  auto exchange = std::exchange(exchange_, {});
  if (websocket_) {
    engine_.open_websocket(exchange, std::move(*place), dialect_, headers_);
  } else if (function_) {
    engine_.open_jsonp(exchange, std::move(*place), dialect_, *function_, std::move(headers_));
  } else {
    engine_.open_polling(exchange, std::move(*place), dialect_, std::move(headers_));
  }
}

// --- Answers

/// Throws what a hook throws: an answer without its headers might be what they are to prevent.
void RequestFlow::add_hook_headers(bool initial) {
  auto const& hooks = engine_.server().hooks;
  if ((!initial || !hooks.initial_headers) && !hooks.headers) return;
  ResponseHeaders headers(headers_);
  auto const both = [&] {
    if (initial && hooks.initial_headers) hooks.initial_headers(headers, request_);
    if (!done() && hooks.headers) hooks.headers(headers, request_);
  };
  if (engine_.call("a header hook", both) || done()) return;
  exchange_.respond_and_close(500, {}, {});
}

void RequestFlow::respond(http::Response const& response) {
  if (websocket_) {
    exchange_.drop();
    return;
  }
  ResponseHeaders headers(headers_);
  for (auto const& [name, value] : response.headers)
    headers.add(name, value);
  exchange_.respond(response.status, headers_, response.body);
}

void RequestFlow::refuse(ErrorCode code, std::string_view context, std::string_view message,
                         Session const* session) {
  if (done()) return;
  engine_.refused(static_cast<Refusal>(code));
  auto const& answer = error_answers[static_cast<std::size_t>(code)];
  auto const text = message.empty() ? answer.message : message;
  if (auto const& hook = engine_.server().hooks.connection_error)
    engine_.call("the connection_error hook", hook, ConnectionError{request_, code, text, context, session});
  if (done()) return;
  auto exchange = std::exchange(exchange_, {});
  if (websocket_) {
    exchange.respond_and_close(400, headers_ + "Content-Type: text/html\r\n", text);
  } else {
    // The official server does not say how long its refusals are.
    exchange.respond_in_chunks(answer.status, headers_ + "Content-Type: application/json\r\n",
                               error_body(code, text));
  }
}

/// The client may come again.
void RequestFlow::refuse_for_now() {
  exchange_.respond_busy(headers_);
}

}}}  // namespace aerie::v1::engineio
