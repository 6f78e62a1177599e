#include <aerie/core/heap_trim.hpp>
#include <aerie/core/shard.hpp>

#include <cstdlib>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace aerie { inline namespace v1 { namespace core {

void trim_heap() noexcept {
#if defined(__GLIBC__)
  static_cast<void>(::malloc_trim(0));
#endif
}

void HeapTrim::start() noexcept {
  shard_.start(timer_, patience);
}

void HeapTrim::on_timer() noexcept {
  if (!has_fallen()) return;
  peak_ = held_;
  give_back_();
}

}}}  // namespace aerie::v1::core
