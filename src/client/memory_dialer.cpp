#include <aerie/client/dialer.hpp>
#include <aerie/core/anchor.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace client {

namespace {

class MemoryDialing final : public Dialing {
 public:
  explicit MemoryDialing(core::Shard& shard) : anchor(shard) {}
  core::Anchor anchor;
};

}  // namespace

MemoryDialer::MemoryDialer(core::Shard& shard, Accept accept)
    : shard_(shard), accept_(std::make_shared<Accept const>(std::move(accept))) {}

MemoryDialer::~MemoryDialer() = default;

std::unique_ptr<Dialing> MemoryDialer::dial(core::Connector::Done done) {
  auto dialing = std::make_unique<MemoryDialing>(shard_);
  dialing->anchor.ref().post([&shard = shard_, accept = accept_, done = std::move(done)]() mutable {
    auto pair = core::memory_pair(shard);
    auto refusal = (*accept)(std::move(pair.client));
    if (!refusal.empty()) pair.server = nullptr;
    done({.stream = std::move(pair.server), .error = {}, .reason = std::move(refusal)});
  });
  return dialing;
}

}}}  // namespace aerie::v1::client
