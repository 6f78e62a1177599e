#pragma once

/// \file
/// Records of sessions as `@socket.io/redis-streams-adapter` 0.3 writes them: a map of `sid`, `pid`, `rooms`
/// and `data`, MessagePack in Base64. Aerie's have one member more, `aerie`, which official servers leave
/// alone. Functions without state: callable from any thread.

#include <aerie/socketio/event_log.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace cluster {

std::string encode_session(socketio::SessionRecord const& record);
/// Nothing if it is none.
std::optional<socketio::SessionRecord> decode_session(std::string_view text);

}}}  // namespace aerie::v1::cluster
