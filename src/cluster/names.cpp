#include "cluster/names.hpp"

#include <aerie/core/utf8.hpp>

#include <charconv>
#include <stdexcept>

namespace aerie { inline namespace v1 { namespace cluster {

namespace {

// A bijection whose result depends on every bit (the finaliser of SplitMix64): neighbours get ids that have
// nothing in common.
std::uint64_t mixed(std::uint64_t number) {
  number += 0x9E3779B97F4A7C15U;
  number = (number ^ (number >> 30U)) * 0xBF58476D1CE4E5B9U;
  number = (number ^ (number >> 27U)) * 0x94D049BB133111EBU;
  return number ^ (number >> 31U);
}

}  // namespace

std::string short_id(std::uint64_t number) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::size_t length = 6;
  auto rest = mixed(number);
  std::string id;
  for (std::size_t i = 0; i < length; ++i, rest /= letters.size())
    id.push_back(letters[rest % letters.size()]);
  return id;
}

std::uint64_t number_of_id(std::string_view long_id) {
  std::uint64_t number = 0;
  auto const* const end = long_id.data() + long_id.size();
  auto const [behind, error] = std::from_chars(long_id.data(), end, number, 16);
  return error == std::errc() && behind == end ? number : 0;
}

std::string as_pattern(std::string_view channel) {
  std::string pattern;
  for (char const character : channel) {
    if (std::string_view(R"(\*?[])").find(character) != std::string_view::npos) pattern.push_back('\\');
    pattern.push_back(character);
  }
  return pattern;
}

void require_channel_prefix(std::string_view setting, std::string_view prefix) {
  if (!prefix.empty() && utf8::is_valid(prefix)) return;
  throw std::invalid_argument(
      "aerie: " + std::string(setting) + " of the Redis adapter is " +
      (prefix.empty() ? "empty" : "no valid UTF-8") +
      ": the names of its channels begin with it; the official adapter's is socket.io");
}

}}}  // namespace aerie::v1::cluster
