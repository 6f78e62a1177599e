#include "websocket/case.hpp"

#include <algorithm>
#include <cstdlib>

namespace aerie::websocket::cases {

bool at_full_size() {
  static bool const asked = std::getenv("AERIE_WEBSOCKET_FULL_SIZE") != nullptr;
  return asked;
}

std::vector<Frame> fragments(unsigned first, std::string_view message, std::size_t size) {
  constexpr unsigned final_bit = 0x80;
  std::vector<Frame> frames;
  auto start = first & ~final_bit;
  do {
    auto const part = message.substr(0, size);
    message.remove_prefix(part.size());
    frames.push_back({.first = start, .payload = std::string(part)});
    start = 0;  // A continuation.
  } while (!message.empty());
  frames.back().first |= final_bit;
  return frames;
}

std::string repeated(std::string_view unit, std::size_t size) {
  std::string out;
  out.reserve(size + unit.size());
  while (out.size() < size)
    out += unit;
  out.resize(size);
  return out;
}

}  // namespace aerie::websocket::cases
