#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace load {

/// Socket.IO packets as socket.io-msgpack-parser writes them: one MessagePack object in one binary message.
std::string msgpack_connect(std::string_view token);

/// An event with one text that is acknowledged. REQUIRES: the id is below 128, the text shorter than 64 KiB.
std::string msgpack_event(std::string_view name, std::string_view text, std::size_t id);

/// The acknowledgement with that text, members in the order of the official server.
std::string msgpack_ack(std::string_view text, std::size_t id);

/// The id of an acknowledgement; nothing if that is something else.
std::optional<std::size_t> msgpack_ack_id(std::string_view packet);

}  // namespace load
