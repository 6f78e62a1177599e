#pragma once

/// \file
/// The pipes that come with the framework. https://docs.nestjs.com/pipes#built-in-pipes

#include <aerie/gateway/parse_pipes.hpp>
#include <aerie/gateway/validation_pipe.hpp>
