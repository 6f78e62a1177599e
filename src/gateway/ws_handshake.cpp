#include "gateway/ws_handshake.hpp"

#include "gateway/ws_context.hpp"
#include "gateway/ws_server.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/schema/codec.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

constexpr std::string_view json_lines = "Content-Type: application/json; charset=utf-8\r\n";

}  // namespace

WsHandshake::WsHandshake(WsServer& server, http::Exchange& exchange, std::shared_ptr<WsConnection> connection)
    : server_(server),
      exchange_(&exchange),
      connection_(std::move(connection)),
      timer_(core::Timer::calling<&WsHandshake::give_up>(this)),
      tasks_(connection_->shard()) {
  exchange.hold(*this);
}

WsHandshake::~WsHandshake() {
  if (exchange_ != nullptr) exchange_->drop();
}

void WsHandshake::start() {
  connection_->shard().start(timer_, server_.options().handshake_timeout);
  core::start(ask(), tasks_, [this](core::Outcome<void>&& outcome) noexcept { decided(outcome.error()); });
}

Task<void> WsHandshake::ask() {
  for (auto const* const route : server_.guards()) {
    WsContext context(*route, connection_);
    context.set_connecting(true);
    co_await ask_guards(context);
  }
}

void WsHandshake::decided(std::exception_ptr const& error) noexcept {
  timer_.cancel();
  if (exchange_ != nullptr) {
    auto& exchange = *std::exchange(exchange_, nullptr);
    try {
      if (error) {
        refuse(exchange, error);
      } else {
        server_.accept(exchange, connection_);
      }
    } catch (...) {
      server_.runtime().log().error(
          "websocket", core::concat("a handshake has failed: ", core::describe(std::current_exception())));
    }
  }
  server_.forget(*this);
}

void WsHandshake::refuse(http::Exchange& exchange, std::exception_ptr const& error) {
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
  timer_.cancel();
  if (exchange_ != nullptr)
    std::exchange(exchange_, nullptr)->respond_and_close(503, "Retry-After: 5\r\n", {});
  tasks_.cancel();
}

void WsHandshake::on_aborted(http::Exchange&) {
  exchange_ = nullptr;
  timer_.cancel();
  tasks_.cancel();
}

}}}  // namespace aerie::v1::gateway
