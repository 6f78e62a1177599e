#include "client/leaving_engine.hpp"

#include <utility>

namespace aerie { inline namespace v1 { namespace client {

LeavingEngine::LeavingEngine(core::Shard& shard, std::unique_ptr<Engine> engine) noexcept
    : shard_(shard), engine_(std::move(engine)) {
  engine_->set_handler(*this);
}

LeavingEngine::~LeavingEngine() {
  engine_->cut();
}

void LeavingEngine::see_off(core::Shard& shard, std::unique_ptr<Engine> engine) noexcept {
  if (engine->state() == Engine::State::closed) return shard.retire(std::move(engine));
  auto leaving = std::make_unique<LeavingEngine>(shard, std::move(engine));
  auto& left = *leaving;
  shard.adopt(std::move(leaving));
  shard.start(left.deadline_, patience);
  left.engine_->close();
}

void LeavingEngine::over() {
  deadline_.cancel();
  shard_.dismiss(*this);
}

}}}  // namespace aerie::v1::client
