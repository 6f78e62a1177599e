#include "gateway/ws_message.hpp"

#include <aerie/core/utf8.hpp>
#include <aerie/schema/codec.hpp>

#include <string>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

std::optional<WsMessage> parse_message(std::string_view frame, bool is_binary) {
  // The frame decoder has checked texts.
  if (is_binary && !utf8::is_valid(frame)) return std::nullopt;
  Value message;
  if (!json::parse(frame, message)) return std::nullopt;
  auto const event = message["event"].get_if<std::string_view>();
  if (!event) return std::nullopt;
  WsMessage result{std::string(*event)};
  if (auto* const data = message.as_object().find("data")) result.data = std::move(*data);
  return result;
}

}}}  // namespace aerie::v1::gateway
