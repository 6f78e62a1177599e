#pragma once

#include <aerie/gateway/ws_adapter.hpp>

#include <optional>
#include <string_view>

namespace aerie { inline namespace v1 { namespace gateway {

/// Reads `{"event": "...", "data": ...}`; nothing if the frame is anything else.
std::optional<WsMessage> parse_message(std::string_view frame, bool is_binary);

}}}  // namespace aerie::v1::gateway
