#include "load/websocket_frames.hpp"

#include <array>

namespace load {

namespace {

constexpr unsigned text_opcode = 1;
constexpr unsigned binary_opcode = 2;
constexpr unsigned close_opcode = 8;
constexpr unsigned pong_opcode = 10;
constexpr std::array<char, 4> mask{0x37, 0x7a, 0x21, 0x3d};

std::size_t big_endian(std::string_view bytes) {
  std::size_t number = 0;
  for (auto const byte : bytes)
    number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

std::string masked_frame(unsigned opcode, std::string_view payload) {
  std::string frame;
  auto const size = payload.size();
  frame.reserve(size + 14);
  frame.push_back(static_cast<char>(0x80 | opcode));
  auto const length_bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
  auto const length_code = length_bytes == 0 ? size : length_bytes == 2 ? 126U : 127U;
  frame.push_back(static_cast<char>(0x80 | length_code));
  for (int i = length_bytes - 1; i >= 0; --i)
    frame.push_back(static_cast<char>(size >> (8 * i)));
  frame.append(mask.data(), mask.size());
  for (std::size_t i = 0; i < size; ++i)
    frame.push_back(static_cast<char>(payload[i] ^ mask[i % mask.size()]));
  return frame;
}

}  // namespace

std::string text_frame(std::string_view packet) {
  return masked_frame(text_opcode, packet);
}

std::string binary_frame(std::string_view attachment) {
  return masked_frame(binary_opcode, attachment);
}

std::string pong_frame(std::string_view payload) {
  return masked_frame(pong_opcode, payload);
}

std::string close_frame() {
  return masked_frame(close_opcode, std::string_view("\x03\xe8", 2));
}

std::optional<ServerFrame> take_frame(std::string_view& input) {
  if (input.size() < 2) return std::nullopt;
  auto const first = static_cast<unsigned char>(input[0]);
  std::size_t size = static_cast<unsigned char>(input[1]) & 0x7fU;
  std::size_t const length_bytes = size < 126 ? 0 : size == 126 ? 2 : 8;
  auto const header = 2 + length_bytes;
  if (input.size() < header) return std::nullopt;
  if (length_bytes != 0) size = big_endian(input.substr(2, length_bytes));
  if (input.size() - header < size) return std::nullopt;
  ServerFrame const frame{first & 0x0fU, (first & 0x40U) != 0, input.substr(header, size)};
  input.remove_prefix(header + size);
  return frame;
}

}  // namespace load
