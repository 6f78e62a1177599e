#pragma once

/// \file
/// Everything that an application of gateways includes.

#include <aerie/core/schedule.hpp>
#include <aerie/gateway/application.hpp>
#include <aerie/gateway/config.hpp>
#include <aerie/gateway/controller.hpp>
#include <aerie/gateway/emitter.hpp>
#include <aerie/gateway/exception_filter.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/gateway.hpp>
#include <aerie/gateway/idempotent.hpp>
#include <aerie/gateway/jwt.hpp>
#include <aerie/gateway/layers.hpp>
#include <aerie/gateway/module.hpp>
#include <aerie/gateway/module_ref.hpp>
#include <aerie/gateway/of_connection.hpp>
#include <aerie/gateway/optional_provider.hpp>
#include <aerie/gateway/pipes.hpp>
#include <aerie/gateway/reply.hpp>
#include <aerie/gateway/socketio_adapter.hpp>
#include <aerie/gateway/throttle.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/socket.hpp>
