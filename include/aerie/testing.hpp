#pragma once

/// \file
/// Everything for testing applications; link with aerie::testing.

#include <aerie/testing/application.hpp>
#include <aerie/testing/client.hpp>
#include <aerie/testing/http_client.hpp>
#include <aerie/testing/websocket.hpp>
