/// \file
/// Fuzz target: compressed messages of a client, with and without context takeover. Whatever comes, the
/// result stays within the limit; and what is compressed comes back. The first byte chooses the settings, the
/// rest is three messages. `script/fuzz deflate` runs it.

#include "fuzz/require.hpp"

#include <aerie/websocket/deflate.hpp>
#include <aerie/websocket/deflate_options.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aerie::websocket;

constexpr std::size_t max_size = 64 * 1024;

using aerie::fuzz::require;

void check(std::uint8_t settings, std::string_view input) {
  DeflateOptions options{.enabled = true, .mem_level = 1 + settings % 9};
  DeflateParameters agreed;
  agreed.client_max_window_bits = static_cast<std::uint8_t>(9 + settings % 7);
  agreed.server_max_window_bits = agreed.client_max_window_bits;
  agreed.client_no_context_takeover = (settings & 0x40U) != 0;
  agreed.server_no_context_takeover = (settings & 0x80U) != 0;

  check(options);
  auto const keeps_nothing = agreed.client_no_context_takeover && agreed.server_no_context_takeover;
  require((deflate_memory(agreed, options) == 0) == keeps_nothing);
  Deflate server(Role::server, agreed, options);
  Deflate sender(Role::server, agreed, options);
  Deflate receiver(Role::client, agreed, options);
  auto const part = std::max<std::size_t>(1, input.size() / 3);
  bool is_open = true;
  while (!input.empty()) {
    auto const one = input.substr(0, part);
    input.remove_prefix(one.size());
    std::vector<char> message;
    if (is_open) {
      is_open = server.decompress(one, max_size, message) == Error::none;
      require(!is_open || message.size() <= max_size);
    }
    std::string compressed;
    sender.compress(one, compressed);
    require(receiver.decompress(compressed, max_size, message) ==
            (one.size() > max_size ? Error::message_too_big : Error::none));
    if (one.size() > max_size) return;
    require(std::string_view(message.data(), message.size()) == one);
  }
}

/// What is offered is agreed to as it stands, or less of it, in a form that is an offer again.
void check_offer(std::string_view header) {
  DeflateOptions const options{.enabled = true, .server_max_window_bits = 12};
  auto const agreement = negotiate_extensions(header, options);
  if (!agreement.deflate) return;
  require(agreement.error == Error::none && agreement.deflate->server_max_window_bits <= 12);
  std::string answer;
  append_extension(answer, *agreement.deflate);
  auto const again = negotiate_extensions(answer, options);
  require(again.deflate && *again.deflate == *agreement.deflate);
}

/// An empty message, and one that is compressed in parts.
void check_sizes(std::string_view part) {
  Deflate sender(Role::server, {}, {.enabled = true});
  Deflate receiver(Role::client, {}, {.enabled = true});
  std::string text(part.substr(0, 64));
  for (auto const size : {std::size_t{0}, std::size_t{300'000}}) {
    text.resize(size, 'x');
    std::string compressed;
    sender.compress(text, compressed);
    std::vector<char> message;
    require(receiver.decompress(compressed, size, message) == Error::none);
    require(std::string_view(message.data(), message.size()) == text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view const input(reinterpret_cast<char const*>(data) + 1, size - 1);
  check(data[0], input);
  check_offer(input);
  if (data[0] % 32 == 0) check_sizes(input);
  return 0;
}
