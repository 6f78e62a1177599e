#pragma once

#include "lab/dtos.hpp"

#include <aerie/gateway/gateways.hpp>

namespace reference::lab {

/// One type, one handler, and a ValidationPipe with each of its options.
class Validation {
 public:
  static void describe(aerie::Gateway<Validation>& g);

 private:
  aerie::DynamicReply user(aerie::Payload<UserDto> const& user);
  aerie::Value user_and_kind(aerie::Payload<UserDto> const& user);
  aerie::DynamicReply order(aerie::Payload<OrderDto> const& order);
};

}  // namespace reference::lab
