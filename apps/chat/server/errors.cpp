#include "errors.hpp"

namespace chat {

void describe(aerie::EnumSchema<ErrorCode>& e) {
  e.description("What the server refuses, over HTTP and over Socket.IO alike.");
  e.value<ErrorCode::bad_request>("BAD_REQUEST")
      .value<ErrorCode::invalid_nickname>("INVALID_NICKNAME")
      .value<ErrorCode::invalid_name>("INVALID_NAME")
      .value<ErrorCode::room_exists>("ROOM_EXISTS")
      .value<ErrorCode::room_not_found>("ROOM_NOT_FOUND")
      .value<ErrorCode::not_a_member>("NOT_A_MEMBER")
      .value<ErrorCode::not_yours>("NOT_YOURS")
      .value<ErrorCode::empty>("EMPTY")
      .value<ErrorCode::too_long>("TOO_LONG")
      .value<ErrorCode::missing_token>("MISSING_TOKEN")
      .value<ErrorCode::invalid_token>("INVALID_TOKEN")
      .value<ErrorCode::expired_token>("EXPIRED_TOKEN")
      .value<ErrorCode::invalid_event>("INVALID_EVENT")
      .value<ErrorCode::invalid_image>("INVALID_IMAGE")
      .value<ErrorCode::image_too_large>("IMAGE_TOO_LARGE")
      .value<ErrorCode::image_quota>("IMAGE_QUOTA")
      .value<ErrorCode::unknown_user>("UNKNOWN_USER")
      .value<ErrorCode::too_many_requests>("TOO_MANY_REQUESTS")
      .value<ErrorCode::store_failed>("STORE_FAILED")
      .value<ErrorCode::not_found>("NOT_FOUND")
      .value<ErrorCode::internal>("INTERNAL");
}

std::string_view to_string(ErrorCode code) {
  for (auto const& entry : aerie::enum_table_of<ErrorCode>().entries()) {
    if (entry.value == static_cast<std::int64_t>(code)) return entry.name;
  }
  return "INTERNAL";
}

}  // namespace chat
