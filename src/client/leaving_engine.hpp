#pragma once

#include "client/engine.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/core/turn.hpp>

#include <memory>

namespace aerie { inline namespace v1 { namespace client {

/// A session whose owner is done with it: it sends what was given to it, and ends.
class LeavingEngine final : public core::Adopted, private EngineHandler {
 public:
  /// A server that does not take the rest in time does not get it.
  static constexpr core::Milliseconds patience{2000};

  static void see_off(core::Shard& shard, std::unique_ptr<Engine> engine) noexcept;

  LeavingEngine(core::Shard& shard, std::unique_ptr<Engine> engine) noexcept;
  ~LeavingEngine() override;

 private:
  void on_engine_open() override {}
  void on_engine_message(socketio::Frame const&) override {}
  void on_engine_error(TransportError const&) override {}
  void on_engine_close(std::string_view, std::string_view) override { over(); }
  void over();

  core::Shard& shard_;
  std::unique_ptr<Engine> engine_;
  core::Timer deadline_ = core::Timer::calling<&LeavingEngine::over>(this);
};

}}}  // namespace aerie::v1::client
