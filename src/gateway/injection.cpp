#include <aerie/gateway/injection.hpp>

namespace aerie { inline namespace v1 { namespace gateway { namespace detail {

void* NeedsOfConstructor::note(Need need) {
  needs_.push_back(need);
  if (needs_.size() >= count_) throw AllKnown{};
  return nowhere_.data();
}

void* NeedsOfConstructor::resolve(TypeId type) {
  return note({type, false});
}

void* NeedsOfConstructor::resolve_on_demand(TypeId type, Provider const&) {
  return note({type, true});
}

std::shared_ptr<void> NeedsOfConstructor::find(TypeId) {
  return nullptr;
}

}}}}  // namespace aerie::v1::gateway::detail
