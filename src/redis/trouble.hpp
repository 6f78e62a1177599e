#pragma once

#include <aerie/redis/client_options.hpp>
#include <aerie/redis/reply.hpp>

namespace aerie { inline namespace v1 { namespace redis {

/// What an error of Redis' says of the server and the connection; `refused` if it is about the command alone.
Trouble trouble_of(Reply const& error) noexcept;
/// True for an error that means "not now": nothing was done, and the same may be later.
bool is_passing(Reply const& error) noexcept;

}}}  // namespace aerie::v1::redis
