#include <aerie/core/immortal.hpp>
#include <aerie/websocket/error.hpp>

#include <string>

namespace aerie { inline namespace v1 { namespace websocket {
namespace {

class Category final : public std::error_category {
 public:
  char const* name() const noexcept override { return "aerie.websocket"; }
  std::string message(int value) const override { return std::string(describe(static_cast<Error>(value))); }
};

}  // namespace

std::string_view describe(Error error) {
  switch (error) {
    case Error::none:
      return "No error";
    case Error::reserved_bits:
      return "A frame has RSV2 or RSV3 set";
    case Error::unexpected_compression:
      return "A frame that cannot be compressed has RSV1 set";
    case Error::reserved_opcode:
      return "A frame has a reserved opcode";
    case Error::missing_mask:
      return "A frame from a client is not masked";
    case Error::unexpected_mask:
      return "A frame from a server is masked";
    case Error::fragmented_control:
      return "A control frame is fragmented";
    case Error::control_too_long:
      return "A control frame carries more than 125 bytes";
    case Error::unexpected_continuation:
      return "A continuation frame continues no message";
    case Error::expected_continuation:
      return "A message begins within another one";
    case Error::bad_close_body:
      return "A close frame carries half a code";
    case Error::bad_close_code:
      return "A close frame carries a code that must not be sent";
    case Error::invalid_utf8:
      return "A text is not valid UTF-8";
    case Error::invalid_compressed_data:
      return "A compressed message cannot be decompressed";
    case Error::message_too_big:
      return "A message exceeds the size limit";
    case Error::too_many_fragments:
      return "A message has too many fragments";
    case Error::too_many_control_frames:
      return "Too many control frames within a second";
    case Error::bad_method:
      return "Bad handshake method";
    case Error::bad_upgrade:
      return "Invalid Upgrade header";
    case Error::bad_connection:
      return "Invalid Connection header";
    case Error::bad_key:
      return "Missing or invalid Sec-WebSocket-Key header";
    case Error::bad_version:
      return "Missing or invalid Sec-WebSocket-Version header";
    case Error::bad_protocol:
      return "Invalid Sec-WebSocket-Protocol header";
    case Error::bad_extensions:
      return "Invalid or unacceptable Sec-WebSocket-Extensions header";
  }
  return "Unknown error";
}

CloseCode close_code_of(Error error) {
  switch (error) {
    case Error::none:
      return CloseCode::normal;
    case Error::invalid_utf8:
    case Error::invalid_compressed_data:
      return CloseCode::invalid_payload;
    case Error::message_too_big:
      return CloseCode::message_too_big;
    case Error::too_many_fragments:
    case Error::too_many_control_frames:
      return CloseCode::policy_violation;
    default:
      return CloseCode::protocol_error;
  }
}

std::error_category const& error_category() {
  static core::Immortal<Category> const category;
  return *category;
}

}}}  // namespace aerie::v1::websocket
