// Says of each message what Aerie's MessagePack codec makes of it. Every line of standard input is a message
// in hexadecimal digits; every line of standard output answers one: `refused`, or `accepted` and the message
// written again, in hexadecimal too.

#include <aerie/schema/msgpack.hpp>

#include <iostream>
#include <string>
#include <string_view>

namespace {

using aerie::Value;

constexpr std::string_view hex_digits = "0123456789abcdef";

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(hex_digits.find(hex[i]) << 4U | hex_digits.find(hex[i + 1])));
  }
  return bytes;
}

std::string to_hex(std::string_view bytes) {
  std::string hex;
  for (char const c : bytes) {
    auto const byte = static_cast<unsigned char>(c);
    hex.push_back(hex_digits[byte >> 4U]);
    hex.push_back(hex_digits[byte & 15U]);
  }
  return hex;
}

std::string answer(std::string_view message) {
  namespace msgpack = aerie::msgpack;
  Value value;
  bool const is_read = msgpack::unpack(message, value).ok();
  msgpack::Reader skipper(message);
  bool const is_skipped = skipper.skip() && skipper.finish();
  if (is_read != is_skipped) return "inconsistent: reading and skipping disagree";
  return is_read ? "accepted " + to_hex(msgpack::pack(value)) : "refused";
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);)
    std::cout << answer(from_hex(line)) << '\n';
}
