#pragma once

#include "http/mounts.hpp"

#include <aerie/core/log.hpp>
#include <aerie/http/request_head.hpp>

#include <string>

namespace aerie { inline namespace v1 { namespace http {

/// Whether a request is meant for a Socket.IO or Engine.IO server, wherever it may be mounted.
bool looks_like_socket_io(RequestHead const& head) noexcept;

/// Why such a request has found no server, and what to do about it, in a sentence.
std::string explain_missing_socket_io(RequestHead const& head, MountTable const& mounts);

}}}  // namespace aerie::v1::http
