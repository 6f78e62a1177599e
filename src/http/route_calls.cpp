#include "http/route_calls.hpp"

#include "http/route_call.hpp"

namespace aerie { inline namespace v1 { namespace http {

void RouteCalls::add(RouteCall& call) {
  of_shard_[call.shard().index()].push_back(call);
  count_.fetch_add(1, std::memory_order_relaxed);
}

void RouteCalls::abandon() noexcept {
  for (auto& calls : of_shard_) {
    while (!calls.empty()) {
      auto& call = calls.front();
      call.unlink();
      call.abandon();
    }
  }
}

}}}  // namespace aerie::v1::http
