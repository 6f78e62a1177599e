#pragma once

#include "engineio/admission.hpp"
#include "engineio/id_directory.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/engineio/server.hpp>
#include <aerie/http/cors.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace engineio {

class ShardEngine;

/// What a server is made of. It outlives a server that is destroyed by what it calls, to the end of that
/// turn.
struct ServerState {
  ServerState(Runtime& its_runtime, ServerOptions its_options);
  ~ServerState();

  Runtime& runtime;
  ServerOptions const options;
  std::string path;
  std::string_view name = "Engine.IO";
  std::unique_ptr<http::Cors> cors;
  std::unique_ptr<IdDirectory> directory;  // of ids that a user makes
  /// Grows without moving those that are being called.
  std::deque<std::function<void(RequestStep)>> steps;
  ServerHooks hooks;
  Admission admission;
  std::atomic<bool> closed{false};
  std::atomic<std::uint64_t> slow_consumers{0};
  std::vector<std::unique_ptr<ShardEngine>> shards;
};

}}}  // namespace aerie::v1::engineio
