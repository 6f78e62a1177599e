#include "cluster/streams_codec.hpp"

#include <aerie/core/base64.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/utf8.hpp>

#include <charconv>
#include <cstdint>

namespace aerie { inline namespace v1 { namespace cluster {

namespace {

// `hashCode` of the official adapter: that of Java, over units of UTF-16.
std::int32_t hash_code(std::string_view text) {
  std::uint32_t hash = 0;
  auto const add = [&hash](std::uint32_t unit) { hash = hash * 31 + unit; };
  for (std::size_t i = 0; i < text.size();) {
    auto const byte = static_cast<unsigned char>(text[i]);
    std::size_t const length = byte < 0x80U ? 1 : byte < 0xE0U ? 2 : byte < 0xF0U ? 3 : 4;
    constexpr std::array<std::uint32_t, 5> masks{0, 0x7FU, 0x1FU, 0x0FU, 0x07U};
    std::uint32_t point = byte & masks[length];
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
      point = (point << 6U) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    if (point >= 0x10000U) {
      add(0xD800U + ((point - 0x10000U) >> 10U));
      add(0xDC00U + ((point - 0x10000U) & 0x3FFU));
    } else {
      add(point);
    }
    i += length;
  }
  return static_cast<std::int32_t>(hash);
}

bool read_type(std::string_view text, ShardedType& type) {
  unsigned number = 0;
  auto const* const end = text.data() + text.size();
  auto const [behind, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || behind != end || number == 0 ||
      number > static_cast<unsigned>(ShardedType::adapter_close)) {
    return false;
  }
  type = static_cast<ShardedType>(number);
  return true;
}

}  // namespace

EntryFields encode_entry(std::string_view uid, socketio::ClusterMessage const& message) {
  auto data = encode_sharded_data(message);
  if (is_binary(message)) data = base64::encode(data);
  auto const type = static_cast<unsigned>(sharded_type(message.action));
  return {"uid", std::string(uid), "nsp", message.nsp, "type", std::to_string(type), "data", std::move(data)};
}

Decoded decode_entry(redis::Reply const& fields, Entry& entry) {
  std::string_view uid;
  std::string_view nsp;
  std::string_view type;
  std::string_view data;
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    auto const name = fields[i].text();
    auto* const field = name == "uid"    ? &uid
                        : name == "nsp"  ? &nsp
                        : name == "type" ? &type
                        : name == "data" ? &data
                                         : nullptr;
    if (field != nullptr) *field = fields[i + 1].text();
    entry.is_exact = entry.is_exact || name == "aerie";
  }
  if (nsp.empty()) return Decoded::foreign;
  if (!utf8::is_valid(uid) || !utf8::is_valid(nsp)) return Decoded::garbage;
  if (!read_type(type, entry.message.type)) return Decoded::foreign;
  entry.nsp = nsp;
  entry.message.uid = uid;
  std::string bytes;
  if (!data.starts_with('{')) {
    base64::append_decoded_leniently(bytes, data);
    data = bytes;
  }
  return decode_sharded_data(data, nsp, entry.message);
}

std::string stream_of(std::string_view nsp, std::string_view name, unsigned count) {
  if (count <= 1) return std::string(name);
  return core::concat(name, "-", std::to_string(hash_code(nsp) % static_cast<std::int32_t>(count)));
}

}}}  // namespace aerie::v1::cluster
