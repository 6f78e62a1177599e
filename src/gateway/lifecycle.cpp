#include <aerie/gateway/lifecycle.hpp>

namespace aerie { inline namespace v1 { namespace gateway { namespace detail {

Task<void> no_task() {
  co_return;
}

}}}}  // namespace aerie::v1::gateway::detail
