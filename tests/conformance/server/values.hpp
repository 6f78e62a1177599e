#pragma once

/// \file
/// Small readers and writers of values, for commands and handlers.

#include <aerie/schema/encodable.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/socketio/target.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace conformance {

/// A member that is a string, or `fallback`. Valid as long as the object.
inline std::string_view text(aerie::Value const& object, std::string_view key,
                             std::string_view fallback = {}) {
  return object[key].get_if<std::string_view>().value_or(fallback);
}

inline bool is_true(aerie::Value const& object, std::string_view key) {
  return object[key].get_if<bool>().value_or(false);
}

inline std::int64_t integer(aerie::Value const& object, std::string_view key, std::int64_t fallback) {
  return object[key].get_if<std::int64_t>().value_or(fallback);
}

/// The elements, if it is an array.
inline std::span<aerie::Value const> elements(aerie::Value const& value) {
  auto const* const array = value.get_if<aerie::Array>();
  return array == nullptr ? std::span<aerie::Value const>() : std::span(*array);
}

inline aerie::Value texts(std::vector<std::string> const& all) {
  return aerie::Array(all.begin(), all.end());
}

/// A room, or an array of rooms.
inline aerie::socketio::RoomList room_list(aerie::Value const& value) {
  if (value.is_string()) return std::string(value.as_string());
  std::vector<std::string> rooms;
  for (auto const& room : elements(value))
    rooms.emplace_back(room.as_string());
  return rooms;
}

/// Emits an event with any number of arguments.
template <class Emitter>
void emit_values(Emitter const& emitter, std::string_view event, std::span<aerie::Value const> args) {
  std::vector<aerie::EncodableRef> const refs(args.begin(), args.end());
  emitter.emit_args(event, refs);
}

}  // namespace conformance
