#pragma once

/// \file
/// A handler's answer as bytes, to be kept and given again.

#include <aerie/gateway/reply.hpp>

#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace gateway {

/// REQUIRES: no stream.
std::string pack_answer(Reply const& reply);
/// Throws std::runtime_error for bytes that are no such answer.
Reply unpack_answer(std::string_view bytes);

}}}  // namespace aerie::v1::gateway
