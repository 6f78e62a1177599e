#pragma once

#include <sys/socket.h>

namespace aerie { inline namespace v1 { namespace core {

/// A socket of streams that does not block and is not inherited by programs that are started; -1 and `errno`
/// if there is none.
int open_socket(int family) noexcept;

/// The next connection of a listening socket, in the same way. `peer` may be null.
int accept_socket(int listener, sockaddr* peer, socklen_t* size) noexcept;

}}}  // namespace aerie::v1::core
