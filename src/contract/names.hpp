#pragma once

/// \file
/// Names in contracts. Plain functions.

#include <concepts>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace contract {

/// "RoomsChat" of "/rooms/chat", "rooms-chat" or "rooms::chat"; what no identifier has parts words.
std::string pascal_case(std::string_view text);

/// "Chat" of "ChatGateway"; the text itself if it has no such end, or nothing before it.
std::string without_suffix(std::string_view text, std::string_view suffix);

bool is_identifier(std::string_view text);

/// `wanted`, or the first of `wanted2`, `wanted3` and so on that is free.
template <std::predicate<std::string const&> IsFree>
std::string free_name(std::string const& wanted, IsFree is_free) {
  std::string name = wanted;
  for (int number = 2; !is_free(name); ++number)
    name = wanted + std::to_string(number);
  return name;
}

}}}  // namespace aerie::v1::contract
