#pragma once

/// \file
/// A parser that somebody has given the Redis adapter, between the codec and the wire.

#include <aerie/cluster/redis_adapter.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

class Logger;

namespace cluster {

/// What is MessagePack to the codec is what the parser makes of it to the wire, and the other way round. Without a
/// parser nothing happens to the bytes. Belongs to one thread.
class Spelling {
 public:
  /// `log` outlives it. Throws std::invalid_argument for half a parser.
  Spelling(RedisParser parser, Logger const& log);

  /// The bytes for the wire; nothing if the parser throws, which is reported.
  std::optional<std::string> write(std::string bytes) const;
  enum class Json : bool { no, yes };
  /// The bytes for the codec, valid as long as `bytes` and until the next call; nothing if the parser refuses them.
  /// `may_be_json`: what is JSON is never the parser's.
  std::optional<std::string_view> read(std::string_view bytes, Json may_be_json);

 private:
  RedisParser parser_;
  Logger const& log_;
  std::string read_;
};

}}}  // namespace aerie::v1::cluster
