/// \file
/// Fuzz target: bytes from a client, read as MessagePack. What is accepted has to be skipped as well, and
/// what is written of it has to be read as the same value and written as the same bytes. `script/fuzz
/// msgpack` runs it.

#include "fuzz/require.hpp"

#include <aerie/schema/codec.hpp>
#include <aerie/schema/msgpack.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace {

namespace msgpack = aerie::msgpack;
using aerie::Value;

using aerie::fuzz::require;

struct Item {
  std::int64_t number = 0;
  double fraction = 0;
  std::string text;
  bool flag = false;
  std::optional<aerie::Bytes> bytes;
  std::optional<std::vector<Item>> items;
  static void describe(aerie::Schema<Item>& s) {
    s.field<&Item::number>("n");
    s.field<&Item::fraction>("f");
    s.field<&Item::text>("t");
    s.field<&Item::flag>("b");
    s.field<&Item::bytes>("y");
    s.field<&Item::items>("i");
  }
};

/// What every kind of value may be found in the place of.
struct Strict {
  bool flag = false;
  double number = 0;
  aerie::Date date;
  std::optional<aerie::RawJson> raw;
  static void describe(aerie::Schema<Strict>& s) {
    s.field<&Strict::flag>("b");
    s.field<&Strict::number>("n");
    s.field<&Strict::date>("d");
    s.field<&Strict::raw>("r");
  }
};

/// Text that is not valid UTF-8 is made valid, once.
void check_text(std::string_view text) {
  auto const written = msgpack::pack(std::string(text));
  std::string read;
  require(msgpack::unpack(written, read).ok());
  require(msgpack::pack(read) == written);
}

/// As the adapters' older dialect has it.
void check_older_dialect(Value const& value) {
  std::string written;
  msgpack::Writer writer(written, msgpack::Dialect::notepack_2);
  aerie::Codec<Value>::encode(writer, value);
  Value again;
  require(msgpack::unpack(written, again).ok());
}

/// What is read as a type is written as bytes that are read as it again.
template <class T>
void check_decoding(std::string_view bytes) {
  T decoded{};
  if (!msgpack::unpack(bytes, decoded)) return;
  T again{};
  require(msgpack::unpack(msgpack::pack(decoded), again).ok());
}

void check(std::string_view bytes) {
  check_text(bytes);
  check_decoding<Item>(bytes);
  check_decoding<Strict>(bytes);
  check_decoding<std::vector<std::variant<bool, std::int64_t, double, std::string>>>(bytes);
  Value value;
  bool const is_read = msgpack::unpack(bytes, value).ok();
  msgpack::Reader skipper(bytes);
  require((skipper.skip() && skipper.finish()) == is_read);
  if (!is_read) return;

  check_older_dialect(value);
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
