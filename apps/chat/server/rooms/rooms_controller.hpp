#pragma once

/// \file
/// Rooms and their history over HTTP.

#include "auth/identity.hpp"
#include "http_api.hpp"
#include "rooms/messages.hpp"
#include "rooms/rooms.hpp"

#include <aerie/core/task.hpp>
#include <aerie/gateway/controller.hpp>
#include <aerie/gateway/parameters.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chat {

struct NewRoomRequest {
  std::string name;
  static void describe(aerie::Schema<NewRoomRequest>& s) { s.field<&NewRoomRequest::name>(); }
};

class RoomsController {
 public:
  RoomsController(Rooms& rooms, Messages& messages) : rooms_(rooms), messages_(messages) {}
  static void describe(aerie::Controller<RoomsController>& c);

 private:
  using Limit = aerie::Query<"limit", std::optional<std::int64_t>, WholeNumber<largest_page>>;
  using Before = aerie::Query<"before", std::optional<std::int64_t>, WholeNumber<>>;

  aerie::Task<std::vector<Room>> all() { return rooms_.all(); }
  aerie::Task<Room> create(NewRoomRequest const& request) { return rooms_.create(request.name); }
  aerie::Task<MessagePage> history(aerie::Param<"id", std::int64_t, WholeNumber<>> id, Before before,
                                   Limit limit);

  aerie::Task<std::vector<ReadState>> reading(Identity const& me) { return messages_.reading(me.user().id); }

  aerie::Task<MessagePage> search(aerie::Param<"id", std::int64_t, WholeNumber<>> id,
                                  aerie::Query<"q"> wanted, Before before, Limit limit);

  Rooms& rooms_;
  Messages& messages_;
};

}  // namespace chat
