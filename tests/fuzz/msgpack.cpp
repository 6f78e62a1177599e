/// \file
/// Fuzz target: bytes from a client, read as MessagePack. What is accepted has to be skipped as well, and
/// what is written of it has to be read as the same value and written as the same bytes. `script/fuzz
/// msgpack` runs it.

#include <aerie/schema/msgpack.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

namespace msgpack = aerie::msgpack;
using aerie::Value;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(std::string_view bytes) {
  Value value;
  bool const is_read = msgpack::unpack(bytes, value).ok();
  msgpack::Reader skipper(bytes);
  require((skipper.skip() && skipper.finish()) == is_read);
  if (!is_read) return;

  std::string const written = msgpack::pack(value);
  Value again;
  require(msgpack::unpack(written, again).ok());
  require(msgpack::pack(again) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  check({reinterpret_cast<char const*>(data), size});
  return 0;
}
