/// \file
/// Fuzz target: compressed messages of a client, with and without context takeover. Whatever comes, the
/// result stays within the limit; and what is compressed comes back. The first byte chooses the settings, the
/// rest is three messages. `script/fuzz deflate` runs it.

#include <aerie/websocket/deflate.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aerie::websocket;

constexpr std::size_t max_size = 64 * 1024;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(std::uint8_t settings, std::string_view input) {
  DeflateOptions options{.enabled = true, .mem_level = 1 + settings % 9};
  DeflateParameters agreed;
  agreed.client_max_window_bits = static_cast<std::uint8_t>(9 + settings % 7);
  agreed.server_max_window_bits = agreed.client_max_window_bits;
  agreed.client_no_context_takeover = (settings & 0x40U) != 0;
  agreed.server_no_context_takeover = (settings & 0x80U) != 0;

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size > 0) check(data[0], {reinterpret_cast<char const*>(data) + 1, size - 1});
  return 0;
}
