#pragma once

/// \file
/// Records of sessions as `@socket.io/redis-streams-adapter` 0.3 writes them: a map of `sid`, `pid`, `rooms`
/// and `data`, MessagePack in Base64. Aerie's have one member more, `aerie`, which official servers leave
/// alone. And what a server is told that waits for the answer to an event, when the session is another one's.
/// Functions without state: callable from any thread.

#include <aerie/socketio/cluster_message.hpp>
#include <aerie/socketio/event_log.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace cluster {

std::string encode_session(socketio::SessionRecord const& record);
/// Nothing if it is none.
std::optional<socketio::SessionRecord> decode_session(std::string_view text);

/// The answer of one client: MessagePack, the request, whether there is an answer, and its arguments.
std::string encode_answer(socketio::ClusterResponse const& response);
/// Nothing if it is none.
std::optional<socketio::ClusterResponse> decode_answer(std::string_view bytes);

}}}  // namespace aerie::v1::cluster
