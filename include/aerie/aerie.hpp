#pragma once

/// \file
/// What servers without gateways need, adapters for Redis and the emitter, in one header.

#include <aerie/auth/jwt.hpp>
#include <aerie/cluster/redis_adapter.hpp>
#include <aerie/core/run_blocking.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/core/spawn.hpp>
#include <aerie/core/task.hpp>
#include <aerie/emitter/emitter.hpp>
#include <aerie/http/server.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/describe.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/socketio/server.hpp>
#include <aerie/tracing/otlp.hpp>
