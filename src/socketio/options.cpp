#include <aerie/core/log.hpp>
#include <aerie/socketio/options.hpp>

#include <limits>
#include <stdexcept>
#include <string>

namespace aerie { inline namespace v1 {

namespace {

using core::concat;

constexpr std::size_t without_limit = std::numeric_limits<std::uint32_t>::max();

void require_in_range(std::string_view setting, std::size_t value, std::size_t least, std::size_t most) {
  if (value >= least && value <= most) return;
  throw std::invalid_argument(concat("aerie: ServerOptions::", setting, " is ", std::to_string(value),
                                     "; it must be from ", std::to_string(least), " to ",
                                     std::to_string(most)));
}

void require_positive(std::string_view setting, core::Milliseconds value) {
  if (value > core::Milliseconds{0}) return;
  throw std::invalid_argument(concat("aerie: ServerOptions::", setting, " is ", std::to_string(value.count()),
                                     " ms; it must be longer than 0"));
}

}  // namespace

void check(ServerOptions const& options) {
  // What is parsed takes a piece of the stack for each level.
  constexpr std::size_t deepest = 4'096;
  if (options.engine.path != engineio::ServerOptions().path) {
    throw std::invalid_argument(concat("aerie: ServerOptions::engine.path is \"", options.engine.path,
                                       "\"; the path of a Socket.IO server is ServerOptions::path"));
  }
  require_positive("connect_timeout", options.connect_timeout);
  require_positive("middleware_timeout", options.middleware_timeout);
  require_positive("assembly_timeout", options.assembly_timeout);
  if (options.close_timeout < core::Milliseconds{0}) {
    throw std::invalid_argument(
        "aerie: ServerOptions::close_timeout is negative; set 0 to cancel handlers at once when the server "
        "closes");
  }
  if (auto const& recovery = options.connection_state_recovery) {
    constexpr core::Milliseconds longest{7 * 24 * 3'600'000};
    require_positive("connection_state_recovery.max_disconnection_duration",
                     recovery->max_disconnection_duration);
    if (recovery->max_disconnection_duration > longest) {
      throw std::invalid_argument(
          concat("aerie: ServerOptions::connection_state_recovery.max_disconnection_duration is ",
                 std::to_string(recovery->max_disconnection_duration.count()),
                 " ms; it must be at most a week, because events are kept in memory for as long"));
    }
    require_in_range("connection_state_recovery.max_retained", recovery->max_retained, 1'024,
                     std::numeric_limits<std::size_t>::max());
  }
  // 0 attachments: no binary data is taken.
  require_in_range("max_attachments", options.max_attachments, 0, 1'000'000);
  require_in_range("max_json_depth", options.max_json_depth, 1, deepest);
  require_in_range("max_namespaces_per_client", options.max_namespaces_per_client, 1, without_limit);
  require_in_range("max_namespace_name", options.max_namespace_name, 1, without_limit);
  require_in_range("max_rooms_per_socket", options.max_rooms_per_socket, 1, without_limit);
  require_in_range("max_pending_acks_per_socket", options.max_pending_acks_per_socket, 1, without_limit);
  require_in_range("max_pending_messages", options.max_pending_messages, 1, without_limit);
  if (options.high_water_mark && *options.high_water_mark >= options.engine.outgoing_limit) {
    throw std::invalid_argument(
        concat("aerie: ServerOptions::high_water_mark is ", std::to_string(*options.high_water_mark),
               "; it must be less than engine.outgoing_limit (",
               std::to_string(options.engine.outgoing_limit), "), at which a client is disconnected"));
  }
  require_in_range("max_auth_size", options.max_auth_size, 0, without_limit);
}

}}  // namespace aerie::v1
