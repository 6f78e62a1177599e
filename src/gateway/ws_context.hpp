#pragma once

/// \file
/// A plain WebSocket's message on its way through a route.

#include <aerie/gateway/execution_context.hpp>
#include <aerie/gateway/ws_client.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace gateway {

class WsContext final : public ExecutionContext {
 public:
  /// Keeps the client, whose `until_leave` is where runs what ends with it.
  WsContext(Route const& route, std::shared_ptr<WsClient> client, Args args = {},
            core::TaskContext* until_leave = nullptr)
      : ExecutionContext(route),
        client_(std::move(client)),
        args_(std::move(args)),
        until_leave_(until_leave) {}

  /// As `set_event`, with a copy of the name.
  void name_event(std::string_view event) {
    own_event_ = event;
    set_event(own_event_);
  }
  void set_disconnect_reason(DisconnectReason reason) noexcept { reason_ = reason; }

  ContextType type() const noexcept override { return ContextType::ws; }
  std::string_view client_id() const noexcept override { return client_->id(); }
  std::string client_address() const override { return client_->address(); }
  core::TaskContext* tasks_of_client() const override { return until_leave_; }
  DisconnectReason disconnect_reason() const noexcept override { return reason_; }
  void* find_client(TypeId type) const noexcept override;
  void emit_args(std::string_view event, ArgsRef args) const override;
  /// The query's; for "token" also that of an `Authorization: Bearer` header.
  std::optional<std::string> credential(std::string_view name) const override;
  std::optional<std::string> cookie(std::string_view name) const override {
    return client_->request().cookie(name);
  }

  core::Shard& shard() const noexcept override { return client_->shard(); }
  Args const& args() const noexcept override { return args_; }
  void deliver(ReplyItem const& item) override;
  void deliver_value(EncodableRef value) override;
  void deliver_event(std::string_view event, EncodableRef data) override;
  void deliver_error(std::exception_ptr const& error) override;

 protected:
  socketio::TypedSlots& slots() override { return client_->slots(); }
  socketio::TypedSlots const* find_slots() const noexcept override { return &client_->slots(); }

 private:
  std::shared_ptr<WsClient> client_;
  Args args_;
  core::TaskContext* until_leave_;
  std::string own_event_;
  DisconnectReason reason_{};
};

}}}  // namespace aerie::v1::gateway
