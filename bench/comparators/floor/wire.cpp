#include "wire.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>

namespace floor_server {

namespace {

unsigned char byte_at(std::span<char const> bytes, std::size_t index) {
  return static_cast<unsigned char>(bytes[index]);
}

std::size_t big_endian(std::span<char const> bytes) {
  std::size_t number = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    number = number << 8 | byte_at(bytes, i);
  return number;
}

}  // namespace

std::optional<std::string> upgrade_response(std::string_view request) {
  constexpr std::string_view name = "\r\nSec-WebSocket-Key: ";
  auto const start = request.find(name);
  if (start == std::string_view::npos) return std::nullopt;
  auto key = request.substr(start + name.size());
  key = key.substr(0, key.find('\r'));
  auto const text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<unsigned char const*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 32> accept;
  auto const size = EVP_EncodeBlock(accept.data(), digest.data(), static_cast<int>(digest.size()));
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
         "Upgrade\r\nSec-WebSocket-Accept: " +
         std::string(reinterpret_cast<char const*>(accept.data()), static_cast<std::size_t>(size)) +
         "\r\n\r\n";
}

std::string text_frame(std::string_view packet) {
  std::string frame("\x81");
  if (packet.size() < 126) {
    frame.push_back(static_cast<char>(packet.size()));
  } else if (packet.size() < 65536) {
    frame.push_back(126);
    frame.push_back(static_cast<char>(packet.size() >> 8));
    frame.push_back(static_cast<char>(packet.size()));
  } else {
    frame.push_back(127);
    for (int shift = 56; shift >= 0; shift -= 8)
      frame.push_back(static_cast<char>(packet.size() >> shift));
  }
  return frame.append(packet);
}

std::optional<ClientFrame> take_frame(std::span<char> input) {
  constexpr std::size_t mask_size = 4;
  if (input.size() < 2) return std::nullopt;
  std::size_t size = byte_at(input, 1) & 0x7fU;
  std::size_t const length_bytes = size < 126 ? 0 : size == 126 ? 2 : 8;
  auto const header = 2 + length_bytes + mask_size;
  if (input.size() < header) return std::nullopt;
  if (length_bytes != 0) size = big_endian(input.subspan(2, length_bytes));
  if (input.size() - header < size) return std::nullopt;
  auto const mask = input.subspan(header - mask_size, mask_size);
  auto const payload = input.subspan(header, size);
  for (std::size_t i = 0; i < size; ++i)
    payload[i] = static_cast<char>(payload[i] ^ mask[i % mask_size]);
  return ClientFrame{byte_at(input, 0) & 0x0fU, {payload.data(), size}, header + size};
}

}  // namespace floor_server
