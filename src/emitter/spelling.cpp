#include <aerie/core/user_code.hpp>
#include <aerie/emitter/spelling.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/msgpack.hpp>

#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace emitter {

namespace {

constexpr core::UserCode encodes{.component = "cluster", .what = "encode of the Redis adapter's parser"};
constexpr core::UserCode decodes{.component = "cluster", .what = "decode of the Redis adapter's parser"};

}  // namespace

Spelling::Spelling(RedisParser parser, Logger const& log) : parser_(std::move(parser)), log_(log) {
  if (static_cast<bool>(parser_.encode) != static_cast<bool>(parser_.decode))
    throw std::invalid_argument(
        "aerie: the parser of the Redis adapter has only one of encode and decode; give it both, or neither "
        "for "
        "MessagePack");
}

std::optional<std::string> Spelling::write(std::string bytes) const {
  if (!parser_.encode) return bytes;
  Value value;
  if (!msgpack::unpack(bytes, value).ok()) return std::nullopt;
  return core::ask_user(log_, encodes, std::optional<std::string>(),
                        [&] { return std::optional(parser_.encode(value)); });
}

std::optional<std::string_view> Spelling::read(std::string_view bytes, Json may_be_json) {
  if (!parser_.decode || (may_be_json == Json::yes && bytes.starts_with('{'))) return bytes;
  auto const value =
      core::ask_user(log_, decodes, std::optional<Value>(), [&] { return parser_.decode(bytes); });
  if (!value) return std::nullopt;
  read_ = msgpack::pack(*value);
  return read_;
}

}}}  // namespace aerie::v1::emitter
