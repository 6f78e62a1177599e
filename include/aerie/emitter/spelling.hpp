#pragma once

/// \file
/// How values are written for other servers, where it is not to be MessagePack.

#include <aerie/core/api.hpp>
#include <aerie/schema/value.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

class Logger;

namespace emitter {

/// The option `parser` of `@socket.io/redis-adapter`. All servers of a cluster, and its emitters, need the
/// same one. What the official adapter writes as JSON stays JSON.
struct RedisParser {
  std::function<std::string(Value const&)> encode;
  /// Nothing: these bytes are none.
  std::function<std::optional<Value>(std::string_view)> decode;
};

/// A parser between a codec and the wire. What is MessagePack to the codec is what the parser makes of it to
/// the wire, and the other way round. Without a parser nothing happens to the bytes. `write` may be called
/// from any thread, `read` belongs to one.
class AERIE_API Spelling {
 public:
  /// `log` outlives it. Throws std::invalid_argument for half a parser.
  Spelling(RedisParser parser, Logger const& log);

  /// The bytes for the wire; nothing if the parser throws, which is reported.
  std::optional<std::string> write(std::string bytes) const;
  enum class Json : bool { no, yes };
  /// The bytes for the codec, valid as long as `bytes` and until the next call; nothing if the parser refuses
  /// them. `may_be_json`: what is JSON is never the parser's.
  std::optional<std::string_view> read(std::string_view bytes, Json may_be_json);

 private:
  RedisParser parser_;
  Logger const& log_;
  std::string read_;
};

}  // namespace emitter
}}  // namespace aerie::v1
