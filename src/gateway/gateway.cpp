#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/gateway.hpp>

namespace aerie { inline namespace v1 { namespace gateway {

std::optional<Task<void>> throw_unknown(void*, Call&, ReplySink&) {
  throw WsException("Unknown event");
}

}}}  // namespace aerie::v1::gateway
