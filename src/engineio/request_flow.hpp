#pragma once

#include <aerie/core/timing_wheel.hpp>
#include <aerie/engineio/server.hpp>
#include <aerie/http/exchange.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace engineio {

class ShardEngine;

/// One request on its way through middlewares and checks to a session, which may have to wait for answers
/// from the server's user. Belongs to the shard of its connection.
class RequestFlow final : public http::ExchangeOwner, public std::enable_shared_from_this<RequestFlow> {
 public:
  RequestFlow(ShardEngine& engine, http::Exchange& exchange, std::string headers);

  void start();
  http::RequestHead const& request() const noexcept { return request_; }

  // Decisions of middlewares; from any thread.
  void decide(std::size_t step, std::function<void(RequestFlow&)> action);
  std::size_t step() const noexcept { return step_; }
  void set_header(std::string_view name, std::string_view value);
  void advance();
  void respond(http::Response response);
  void refuse(ErrorCode code, std::string_view context, std::string message = {},
              Session const* session = nullptr);

  void on_aborted(http::Exchange& exchange) override;

 private:
  void verify();
  void verify_session(std::string_view sid);
  std::string_view misfit_of(Session const& session) const;
  void verify_handshake();
  void ask_permission();
  void check_protocol();
  bool has_room();
  void choose_id();
  void open(core::Id id);
  template <class F>
  void ask(F&& question, ErrorCode code, std::string_view context);
  void wait();
  void resume();
  void timed_out();
  void failed(std::exception const& error);
  bool foreign_origin() const;
  void add_hook_headers(bool initial);
  ServerOptions const& options() const noexcept;

  ShardEngine& engine_;
  http::Exchange* exchange_;
  http::RequestHead request_;
  std::string headers_;
  bool websocket_;
  TransportKind transport_ = TransportKind::polling;
  std::size_t step_ = 0;
  std::shared_ptr<RequestFlow> self_;  // while somebody else decides
  core::Timer deadline_;
};

}}}  // namespace aerie::v1::engineio
