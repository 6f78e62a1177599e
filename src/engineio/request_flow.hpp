#pragma once

#include "engineio/transport_types.hpp"

#include <aerie/core/anchor.hpp>
#include <aerie/core/linked.hpp>
#include <aerie/core/question.hpp>
#include <aerie/engineio/server.hpp>
#include <aerie/http/exchange.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace engineio {

class ProtocolQuery;
class ShardEngine;

/// One request on its way through middlewares and checks to a session, which may have to wait for answers
/// from the server's user. Belongs to the shard of its connection, and to its part of the server.
class RequestFlow final : public http::ExchangeOwner, public core::Linked {
 public:
  RequestFlow(ShardEngine& engine, http::Exchange& exchange, std::string headers);
  ~RequestFlow() override;

  void start();
  /// True once nothing is left to be done: it was answered, passed on, or given up.
  bool done() const noexcept { return !exchange_; }
  /// Of a server that is destroyed: ends the connection and forgets what was asked.
  void abandon() noexcept;

  /// Of a middleware.
  void add_header_lines(std::string_view lines) { headers_ += lines; }

  void on_aborted(http::Exchange& exchange) override;

 private:
  void run_step();
  void decided(RequestStep::Answer answer);
  void verify();
  void verify_session(ProtocolQuery const& query);
  std::string_view misfit_of(Session const& session, ProtocolQuery const& query) const;
  void verify_handshake();
  void ask_permission();
  void permitted(Decision::Verdict verdict);
  void check_protocol();
  bool has_room();
  void choose_id();
  void named(std::optional<std::string> id);
  void open(core::Id id);

  template <class Answer>
  core::Reply<Answer> ask(core::Question<Answer>& question, void (RequestFlow::*then)(Answer));
  template <class F>
  void carry_on(F&& action) noexcept;
  void respond(http::Response const& response);
  void refuse(ErrorCode code, std::string_view context, std::string_view message = {},
              Session const* session = nullptr);
  void refuse_for_now();
  void give_up() noexcept;
  bool foreign_origin(ProtocolQuery const& query) const;
  void add_hook_headers(bool initial);
  ServerOptions const& options() const noexcept;

  ShardEngine& engine_;
  http::Exchange exchange_;
  http::RequestHead request_;
  std::string headers_;
  bool websocket_;
  TransportType const* transport_ = nullptr;
  Dialect dialect_;
  std::optional<std::string> function_;  // of JSONP
  std::size_t step_ = 0;
  /// Of a request that somebody is asked about, which most are not.
  struct Asked {
    explicit Asked(core::Shard& shard) : flow(shard), step(shard), permission(shard), id(shard) {}
    core::Anchor flow;
    core::Question<RequestStep::Answer> step;
    core::Question<Decision::Verdict> permission;
    core::Question<std::optional<std::string>> id;
  };
  Asked& asked();

  std::unique_ptr<Asked> asked_;
};

}}}  // namespace aerie::v1::engineio
