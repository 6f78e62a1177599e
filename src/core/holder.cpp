#include <aerie/core/holder.hpp>

#include <algorithm>
#include <vector>

namespace aerie { inline namespace v1 { namespace core {

Holders::Shed Holders::shed(std::size_t bytes) {
  // One walk, however many are to go: there may be as many as there are connections.
  std::vector<Holder*> heap;
  all_.for_each([&](Holder& holder) {
    if (holder.held() > 0) heap.push_back(&holder);
  });
  auto const emptier = [](Holder const* a, Holder const* b) { return a->held() < b->held(); };
  std::ranges::make_heap(heap, emptier);
  Shed shed;
  while (shed.bytes < bytes && !heap.empty()) {
    std::ranges::pop_heap(heap, emptier);
    auto& fullest = *heap.back();
    heap.pop_back();
    ++shed.count;
    shed.bytes += fullest.held();
    fullest.hold(0);
    fullest.unlink();
    fullest.shed();
  }
  return shed;
}

}}}  // namespace aerie::v1::core
