#include "load/dialect.hpp"

#include "load/join.hpp"

namespace load {

Dialect const socket_io{
    .path = "/socket.io/?EIO=4&transport=websocket",
    .hello = "0",
    .welcome = "40",
    .ping = "2",
    .pong = "3",
    .packet = "4",
    .subscribed = joined_start,
    .delivery = "2[\"msg\",\"",
    .end = "\"]",
    .has_lines = false,
    .connect = [](std::string_view token) { return "40{\"token\":\"" + std::string(token) + "\"}"; },
    .subscribe = &join_packet,
    .publish = [](std::string_view event) { return "42[\"" + std::string(event) + "\",\""; },
};

Dialect const centrifuge{
    .path = "/connection/websocket",
    .hello = "",
    .welcome = "{\"id\":1,\"connect\":",
    .ping = "{}",
    .pong = "{}",
    .packet = "",
    .subscribed = "{\"id\":2,\"subscribe\":",
    .delivery = "{\"push\":{\"channel\":\"bench\",\"pub\":{\"data\":\"",
    .end = "\"}}",
    .has_lines = true,
    .connect =
        [](std::string_view token) {
          return "{\"id\":1,\"connect\":{\"token\":\"" + std::string(token) + "\"}}";
        },
    .subscribe =
        [](std::string_view room) {
          return "{\"id\":2,\"subscribe\":{\"channel\":\"" + std::string(room) + "\"}}";
        },
    .publish =
        [](std::string_view) {
          return std::string("{\"id\":3,\"publish\":{\"channel\":\"bench\",\"data\":\"");
        },
};

}  // namespace load
