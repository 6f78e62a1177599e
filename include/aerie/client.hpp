#pragma once

/// \file
/// Everything that a program needs that is a client of a Socket.IO server.

#include <aerie/client/manager.hpp>
#include <aerie/client/options.hpp>
#include <aerie/client/socket.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/schedule.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/core/spawn.hpp>
#include <aerie/schema/codec.hpp>
