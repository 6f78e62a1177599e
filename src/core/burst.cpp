#include <aerie/core/burst.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/stream.hpp>

namespace aerie { inline namespace v1 { namespace core {

Burst::Burst(Shard& shard, std::size_t capacity) : shard_(&shard), chunk_(ChunkRef::make(capacity)) {
  chunk_->burst_ = this;
  shard.at_end().opened(*this);
}

Burst::~Burst() {
  close();
}

void Burst::append(std::string_view bytes) {
  auto const begin = chunk_->size();
  chunk_->append(bytes);
  if (left_.empty()) return;
  // Joining may make a stream leave another burst, never this one: the list can be walked while they return.
  auto const returning = std::exchange(left_, {});
  for (auto* stream : returning)
    stream->join(*this, begin);
}

void Burst::close() noexcept {
  if (!chunk_) return;
  shard_->at_end().forgotten(*this);
  chunk_->burst_ = nullptr;
  chunk_ = {};
  left_.clear();
}

}}}  // namespace aerie::v1::core
