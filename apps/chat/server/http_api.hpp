#pragma once

/// \file
/// What the chat's controllers have in common.

#include "errors.hpp"
#include "model.hpp"

#include <aerie/core/decimal.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/layers.hpp>
#include <aerie/schema/value.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace chat {

/// Bytes; what people type fits in many times over.
inline constexpr std::size_t small_body = 16 * 1024;

/// What a page of a list has if nobody says how long it shall be, and at most.
inline constexpr std::int64_t usual_page = 50;
inline constexpr std::int64_t largest_page = 100;

/// Said of a route (`meta`): the code of an object whose members are not what is expected. Anything else that
/// is wrong with a body is a BAD_REQUEST.
struct CodeOfBody {
  ErrorCode code = ErrorCode::bad_request;
};

/// A pipe for the whole numbers of paths and queries, from 1 to `Largest`. What is absent stays so.
template <std::int64_t Largest = largest_id>
class WholeNumber {
 public:
  aerie::Value transform(aerie::Value value, aerie::ArgumentInfo const& info) const {
    if (value.is_undefined()) return value;
    auto const text = value.get_if<std::string_view>().value_or("");
    auto const number = aerie::core::decimal<std::int64_t>(text);
    if (number && *number >= 1 && *number <= Largest) return *number;
    throw aerie::BadRequestException(std::string(info.name)
                                         .append(" is a whole number from 1 to ")
                                         .append(std::to_string(Largest))
                                         .append("."));
  }
};

}  // namespace chat
