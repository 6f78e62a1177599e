#pragma once

/// \file
/// What each client has of its own (`Module::per_connection`), as a parameter of handlers:
///
///     void say(aerie::OfConnection<Draft> draft, std::string const& text) { draft->add(text); }

#include <aerie/core/api.hpp>
#include <aerie/gateway/execution_context.hpp>
#include <aerie/gateway/type_id.hpp>

namespace aerie { inline namespace v1 {

namespace gateway {
/// The provider of the context's client, built if it is not there yet. Throws what its constructor throws,
/// and StartError for what no module provides and for requests.
AERIE_API void* connection_provider(ExecutionContext& context, TypeId type);
}  // namespace gateway

/// The client's T; any provider that the handler's module sees. A parameter of handlers and hooks; guards and
/// interceptors call `extract`. Throws gateway::StartError, and whatever the constructor throws, where the
/// client has none yet: that is an error of the message, as if the handler had thrown it.
template <class T>
class OfConnection {
 public:
  /// For the framework: `object` belongs to the connection.
  explicit OfConnection(T& object) : object_(&object) {}
  static OfConnection extract(ExecutionContext& context) {
    return OfConnection(*static_cast<T*>(gateway::connection_provider(context, gateway::type_id<T>())));
  }

  T& operator*() const noexcept { return *object_; }
  T* operator->() const noexcept { return object_; }

 private:
  T* object_;
};

}}  // namespace aerie::v1
