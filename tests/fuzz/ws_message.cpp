/// \file
/// Fuzz target: a frame from a client on a plain WebSocket, read as `{"event": ..., "data": ...}`. Text and
/// bytes have to give the same message, and what is written of it has to be read as the same again.
/// `script/fuzz ws_message` runs it.

#include "gateway/ws_message.hpp"

#include "fuzz/require.hpp"

#include <aerie/core/utf8.hpp>
#include <aerie/schema/codec.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace {

using namespace aerie;
using gateway::parse_message;

using aerie::fuzz::require;

/// The message as JSON; empty if there is none.
std::string written(std::optional<WsMessage> const& message) {
  if (!message) return {};
  auto frame = Value::object({{"event", message->event}});
  if (!message->data.is_undefined()) frame.as_object().set("data", message->data);
  return json::stringify(frame);
}

void check(std::string_view frame) {
  auto const bytes = parse_message(frame, true);
  if (!utf8::is_valid(frame)) {
    // As a text the frame decoder would not have let it pass.
    require(!bytes);
    return;
  }
  auto const json = written(bytes);
  require(written(parse_message(frame, false)) == json);
  if (bytes) require(written(parse_message(json, false)) == json);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  check(std::string_view(reinterpret_cast<char const*>(data), size));
  return 0;
}
