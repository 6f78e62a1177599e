#include "gateway/ws_handshake.hpp"

#include "gateway/ws_context.hpp"
#include "gateway/ws_server.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/schema/codec.hpp>

#include <optional>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

constexpr std::string_view json_lines = "Content-Type: application/json; charset=utf-8\r\n";

}  // namespace

WsHandshake::WsHandshake(WsServer& server, http::Exchange& exchange, std::shared_ptr<WsConnection> connection)
    : server_(server),
      exchange_(exchange),
      connection_(std::move(connection)),
      permission_(connection_->shard()),
      tasks_(connection_->shard()) {
  exchange.hold(*this);
}

WsHandshake::~WsHandshake() {
  exchange_.drop();
}

void WsHandshake::start() {
  auto const answer = permission_.ask(
      server_.options().handshake_timeout,
      [this](std::optional<std::exception_ptr> const& error) { error ? decided(*error) : give_up(); });
  core::start(ask(), tasks_, [this, answer](core::Outcome<void>&& outcome) noexcept {
    answer(outcome.error());
    server_.forget(*this);
  });
}

Task<void> WsHandshake::ask() {
  for (auto const* const route : server_.guards()) {
    WsContext context(*route, connection_);
    context.set_connecting(true);
    if (auto rest = ask_guards(context)) co_await std::move(*rest);
  }
}

void WsHandshake::decided(std::exception_ptr const& error) {
  auto exchange = exchange_;
  if (error) {
    refuse(exchange, error);
  } else {
    server_.accept(exchange, connection_);
  }
}

void WsHandshake::refuse(http::Exchange& exchange, std::exception_ptr const& error) {
  server_.counts(connection_->shard()).count(WsRefusal::guard);
  try {
    std::rethrow_exception(error);
  } catch (HttpException const& known) {
    exchange.respond_and_close(known.status(), json_lines, json::stringify(known.body()));
  } catch (WsException const& known) {
    auto const& value = known.error();
    auto const body = value.is_string() ? Value::object({{"message", value}}) : value;
    exchange.respond_and_close(403, json_lines, json::stringify(body));
  } catch (...) {
    server_.runtime().log().error("gateway",
                                  core::concat("a connection guard has failed: ", core::describe(error)));
    exchange.respond_and_close(500, json_lines, R"({"message":"Internal server error"})");
  }
}

void WsHandshake::give_up() {
  permission_.withdraw();
  exchange_.respond_busy();
  tasks_.cancel();
}

void WsHandshake::on_aborted(http::Exchange&) {
  permission_.withdraw();
  tasks_.cancel();
}

}}}  // namespace aerie::v1::gateway
