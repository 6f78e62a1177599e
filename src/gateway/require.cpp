#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/gateway.hpp>

namespace aerie { inline namespace v1 { namespace gateway { namespace detail {

Namespace& require(Namespace* nsp) {
  if (nsp != nullptr) return *nsp;
  throw StartError(
      "aerie: this gateway serves namespaces by a pattern; its after_init takes an aerie::ParentNamespace&");
}

ParentNamespace& require(ParentNamespace* parent) {
  if (parent != nullptr) return *parent;
  throw StartError("aerie: this gateway serves one namespace; its after_init takes an aerie::Namespace&");
}

}}}}  // namespace aerie::v1::gateway::detail
