#pragma once

#include "lab/acknowledgements.hpp"
#include "lab/answers.hpp"
#include "lab/connection.hpp"
#include "lab/errors.hpp"
#include "lab/filters.hpp"
#include "lab/guards.hpp"
#include "lab/interceptors.hpp"
#include "lab/lab_gateway.hpp"
#include "lab/parameters.hpp"
#include "lab/pipes.hpp"
#include "lab/rooms.hpp"
#include "lab/streams.hpp"
#include "lab/validation.hpp"

namespace reference::lab {

/// The namespace /lab: one gateway for each thing that a gateway can do.
struct LabModule {
  static void describe(aerie::Module& m) {
    m.gateways<Answers, Streams, Errors, Parameters, Acknowledgements>();
    m.gateways<Guards, Pipes, Validation, Interceptors, Filters>();
    m.gateways<Rooms, Connection, LabGateway, SecondGateway>();
  }
};

}  // namespace reference::lab
