#pragma once

/// \file
/// Names on the wire: ids as the official adapters make them, and channels. Functions without state: callable
/// from any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace cluster {

/// Six letters and digits, as `@socket.io/redis-adapter` has them for servers and requests. Different numbers
/// have different ids, all but certainly: there are 57 billions.
std::string short_id(std::uint64_t number);
/// The number of an id of sixteen hexadecimal digits, as `socket.io-adapter` has them; 0 if it is none.
std::uint64_t number_of_id(std::string_view long_id);

/// The channel of this name as a pattern for PSUBSCRIBE, which matches nothing else.
std::string as_pattern(std::string_view channel);

/// Throws std::invalid_argument if channels cannot begin with this: `setting` is its name.
void require_channel_prefix(std::string_view setting, std::string_view prefix);

}}}  // namespace aerie::v1::cluster
