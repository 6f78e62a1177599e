#pragma once

/// \file
/// What services send through. A service asks in its constructor for
///
///     aerie::Emitter<ChatGateway>&    the namespace of a gateway
///     aerie::Server&                  the Socket.IO server of the application's port and default path
///     aerie::Namespace&               the namespace of the gateways, where they have only one
///
///     class News {
///      public:
///       explicit News(aerie::Emitter<ChatGateway>& chat) : chat_(chat) {}
///       void room_created(Room const& room) { chat_.emit("roomCreated", room); }
///       void said(Message const& message) { chat_.to(message.room).emit("said", message); }
///
///      private:
///       aerie::Emitter<ChatGateway>& chat_;
///     };
///
/// What asks for one of them, directly or by what it depends on, is built when the application starts, not
/// when it is created. An application whose adapter has no Socket.IO does not start then.

#include <aerie/core/api.hpp>
#include <aerie/core/task.hpp>
#include <aerie/gateway/injection.hpp>
#include <aerie/gateway/module.hpp>
#include <aerie/gateway/type_id.hpp>
#include <aerie/socketio/broadcast_operator.hpp>
#include <aerie/socketio/emit.hpp>

#include <chrono>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

class Namespace;

namespace gateway {

/// The namespace of a gateway, to be sent to. Every call is allowed on any thread and at any time, after the
/// end of the application, too: then it goes nowhere. What one thread has emitted before an answer was given
/// on account of it arrives before that answer: `emit`, then return (or complete, or acknowledge) is in
/// order.
class AERIE_API NamespaceEmitter : public Broadcasts<NamespaceEmitter> {
 public:
  explicit NamespaceEmitter(Namespace& nsp);
  ~NamespaceEmitter();
  NamespaceEmitter(NamespaceEmitter const&) = delete;
  NamespaceEmitter& operator=(NamespaceEmitter const&) = delete;

  Namespace const& nsp() const noexcept { return *nsp_; }

  BroadcastOperator all() const { return BroadcastOperator(nsp_); }

 private:
  std::shared_ptr<Namespace const> nsp_;
};

/// Knows the namespaces of gateways; there is one in every application.
class AERIE_API NamespacesOfGateways {
 public:
  virtual ~NamespacesOfGateways() = default;
  /// Throws StartError where there is none, with the reason.
  virtual Namespace& namespace_of(TypeId gateway) = 0;
};

}  // namespace gateway

/// Sends to the clients of the gateway G; see gateway::NamespaceEmitter for all it can do.
template <class G>
class Emitter final : public gateway::NamespaceEmitter {
 public:
  using NamespaceEmitter::NamespaceEmitter;
};

namespace gateway::detail {

template <class G>
inline constexpr bool is_made_on_demand<Emitter<G>> = true;

template <class G>
struct MadeOnDemand<Emitter<G>> {
  static Provider provider() {
    return {type_id<Emitter<G>>(), type_id<Emitter<G>>(), [](Resolver& resolver) {
              auto& nsp = resolver.get<NamespacesOfGateways>().namespace_of(type_id<G>());
              return Instance{std::make_shared<Emitter<G>>(nsp), {}};
            }};
  }
};

}  // namespace gateway::detail
}}  // namespace aerie::v1
