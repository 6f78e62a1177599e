/// \file
/// Fuzz target: bytes from a channel of Redis, read as each kind of message between servers. What is accepted
/// is written, read and written again, and must be the same bytes both times. `script/fuzz cluster_message`
/// runs it.

#include "cluster/redis_codec.hpp"
#include "cluster/session_codec.hpp"
#include "cluster/sharded_codec.hpp"
#include "cluster/streams_codec.hpp"
#include "fuzz/require.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace {

namespace cluster = aerie::cluster;
using aerie::socketio::ClusterMessage;
using aerie::socketio::ClusterResponse;
using cluster::Decoded;

using aerie::fuzz::require;

void check_broadcast(std::string_view bytes) {
  ClusterMessage message;
  if (cluster::decode_broadcast(bytes, "own", "/", message) != Decoded::message) return;
  auto const written = cluster::encode_broadcast("u", message);
  ClusterMessage again;
  require(cluster::decode_broadcast(written, "own", "/", again) == Decoded::message);
  require(cluster::encode_broadcast("u", again) == written);
}

void check_request(std::string_view bytes) {
  auto const request = cluster::decode_request(bytes, "/");
  // Two types are answered, and never asked by us.
  if (!request || request->type == cluster::RedisRequestType::sockets ||
      request->type == cluster::RedisRequestType::all_rooms)
    return;
  auto const written = cluster::encode_request("u", request->id, request->message);
  auto const again = cluster::decode_request(written, "/");
  require(again.has_value());
  require(cluster::encode_request("u", again->id, again->message) == written);
}

void check_response(std::string_view bytes) {
  auto const id = cluster::request_of_response(bytes);
  auto const response = cluster::decode_response(bytes);
  if (!id || !response) return;
  for (auto const type : {cluster::RedisRequestType::sockets, cluster::RedisRequestType::all_rooms})
    require(cluster::request_of_response(cluster::encode_names(type, *id, {*id})) == *id);
  auto const written = cluster::encode_response(*id, *response);
  auto const again = cluster::decode_response(written);
  require(again.has_value());
  require(cluster::encode_response(*id, *again) == written);
}

std::string write(cluster::ShardedMessage const& message) {
  if (auto const* const todo = std::get_if<ClusterMessage>(&message.body))
    return cluster::encode_sharded("u", message.id, *todo);
  if (auto const* const response = std::get_if<ClusterResponse>(&message.body))
    return cluster::encode_sharded("u", "/", message.id, *response);
  return {};
}

void check_sharded(std::string_view bytes) {
  cluster::ShardedMessage message;
  if (cluster::decode_sharded(bytes, "own", "/", message) != Decoded::message) return;
  auto const written = write(message);
  if (written.empty()) return;
  if (auto const* const todo = std::get_if<ClusterMessage>(&message.body)) {
    for (auto const mode : {cluster::SubscriptionMode::static_, cluster::SubscriptionMode::dynamic,
                            cluster::SubscriptionMode::dynamic_private})
      require(cluster::sharded_channel("p", mode, *todo).starts_with("p"));
  }
  cluster::ShardedMessage again;
  require(cluster::decode_sharded(written, "own", "/", again) == Decoded::message);
  require(write(again) == written);
}

// Fields stand in lines: of text in the fuzzer's input, of a reply in Redis.
aerie::redis::Reply fields_of(std::string_view lines) {
  std::vector<aerie::redis::Reply> fields;
  for (auto rest = lines;;) {
    auto const end = rest.find('\n');
    fields.push_back(aerie::redis::Reply::string(std::string(rest.substr(0, end))));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return aerie::redis::Reply::array(std::move(fields));
}

void check_entry(std::string_view bytes) {
  cluster::Entry entry;
  if (cluster::decode_entry(fields_of(bytes), entry) != Decoded::message) return;
  require(!entry.nsp.empty());
  for (unsigned const count : {1U, 4U})
    require(cluster::stream_of(entry.nsp, "s", count).starts_with("s"));
  auto const* const message = std::get_if<ClusterMessage>(&entry.message.body);
  // Requests are not written into streams: servers ask each other by channels.
  if (message == nullptr || !entry.message.id.empty()) return;
  auto const written = cluster::encode_entry("u", *message);
  std::vector<aerie::redis::Reply> fields;
  for (auto const& field : written)
    fields.push_back(aerie::redis::Reply::string(field));
  cluster::Entry again;
  require(cluster::decode_entry(aerie::redis::Reply::array(std::move(fields)), again) == Decoded::message);
  auto const* const read = std::get_if<ClusterMessage>(&again.message.body);
  require(read != nullptr && cluster::encode_entry("u", *read) == written);
}

void check_session(std::string_view bytes) {
  auto const session = cluster::decode_session(bytes);
  if (!session) return;
  auto const written = cluster::encode_session(*session);
  auto const again = cluster::decode_session(written);
  require(again.has_value() && cluster::encode_session(*again) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const bytes(reinterpret_cast<char const*>(data), size);
  check_broadcast(bytes);
  check_request(bytes);
  check_response(bytes);
  check_sharded(bytes);
  check_entry(bytes);
  check_session(bytes);
  return 0;
}
