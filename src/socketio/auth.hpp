#pragma once

#include <aerie/socketio/element_format.hpp>

#include <string_view>

namespace aerie { inline namespace v1 { namespace socketio {

/// Decodes the `auth` of a CONNECT packet as it is kept (`Args::packed`): an object. No object of MessagePack
/// begins with a brace, and every one of JSON does.
inline DecodeResult read_auth(std::string_view auth, TypeOps const& ops, void* value) {
  auto const& format = auth.starts_with('{') ? json_elements() : msgpack_elements();
  return format.read(auth, {}, ops, value);
}

}}}  // namespace aerie::v1::socketio
