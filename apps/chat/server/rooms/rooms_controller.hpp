#pragma once

/// \file
/// Rooms and their history over HTTP.

#include "rooms/messages.hpp"
#include "rooms/rooms.hpp"

#include <aerie/core/task.hpp>
#include <aerie/gateway/controller.hpp>
#include <aerie/http/request.hpp>
#include <aerie/http/response.hpp>

namespace chat {

class RoomsController {
 public:
  RoomsController(Rooms& rooms, Messages& messages) : rooms_(rooms), messages_(messages) {}
  static void describe(aerie::Controller<RoomsController>& c);

 private:
  aerie::Task<aerie::http::Response> all();
  aerie::Task<aerie::http::Response> create(aerie::http::Request const& request);
  aerie::Task<aerie::http::Response> history(aerie::http::Request const& request);

  Rooms& rooms_;
  Messages& messages_;
};

}  // namespace chat
