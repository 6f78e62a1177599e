#pragma once

/// \file
/// A connection whose guards are being asked.

#include "gateway/ws_connection.hpp"

#include <aerie/core/question.hpp>
#include <aerie/core/task.hpp>
#include <aerie/core/task_context.hpp>
#include <aerie/http/exchange.hpp>

#include <exception>
#include <memory>

namespace aerie { inline namespace v1 { namespace gateway {

class WsServer;

/// Owns the exchange until it has been answered. Belongs to the server, on the shard of the connection.
class WsHandshake final : public http::ExchangeOwner {
 public:
  WsHandshake(WsServer& server, http::Exchange& exchange, std::shared_ptr<WsConnection> connection);
  ~WsHandshake() override;

  void start();
  /// The server closes.
  void give_up();

 private:
  void on_aborted(http::Exchange& exchange) override;
  Task<void> ask();
  void decided(std::exception_ptr const& error);
  void refuse(http::Exchange& exchange, std::exception_ptr const& error);

  WsServer& server_;
  http::Exchange exchange_;
  std::shared_ptr<WsConnection> connection_;
  core::Question<std::exception_ptr> permission_;  // null: granted
  core::TaskContext tasks_;
};

}}}  // namespace aerie::v1::gateway
