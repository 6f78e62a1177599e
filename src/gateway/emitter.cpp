#include <aerie/gateway/emitter.hpp>
#include <aerie/socketio/namespace.hpp>

namespace aerie { inline namespace v1 { namespace gateway {

NamespaceEmitter::NamespaceEmitter(Namespace& nsp) : nsp_(nsp.shared_from_this()) {}
NamespaceEmitter::~NamespaceEmitter() = default;

}}}  // namespace aerie::v1::gateway
