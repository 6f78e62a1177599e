// Says of each message what Aerie's MessagePack codec makes of it. Every line of standard input is a message
// in hexadecimal digits; every line of standard output answers one: `refused`, or `accepted` and the message
// written again, in hexadecimal too.

#include "../hex_lines.hpp"

#include <aerie/schema/msgpack.hpp>

#include <string>
#include <string_view>

namespace {

using aerie::Value;

std::string answer(std::string_view message) {
  namespace msgpack = aerie::msgpack;
  Value value;
  bool const is_read = msgpack::unpack(message, value).ok();
  msgpack::Reader skipper(message);
  bool const is_skipped = skipper.skip() && skipper.finish();
  if (is_read != is_skipped) return "inconsistent: reading and skipping disagree";
  return is_read ? "accepted " + hex_lines::to_hex(msgpack::pack(value)) : "refused";
}

}  // namespace

int main() {
  hex_lines::answer_each(answer);
}
