#include "gateway/ws_options.hpp"

#include <aerie/core/log.hpp>
#include <aerie/gateway/exceptions.hpp>

#include <cstdint>
#include <limits>
#include <string_view>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

void require_option(bool condition, std::string_view setting, std::string_view remedy) {
  if (!condition) throw StartError(core::concat("aerie: WsAdapterOptions::", setting, " ", remedy));
}

void require_time(core::Milliseconds time, std::string_view setting) {
  require_option(
      time > core::Milliseconds{0} && time <= core::Milliseconds{std::numeric_limits<std::int32_t>::max()},
      setting, "must be between 1 ms and 2147483647 ms (24 days)");
}

void require_size(std::size_t bytes, std::string_view setting) {
  require_option(bytes > 0 && bytes <= 1U << 30U, setting, "must be between 1 byte and 1 GiB");
}

}  // namespace

void check(WsAdapterOptions const& options) {
  require_size(options.max_message_size, "max_message_size");
  require_size(options.outgoing_limit, "outgoing_limit");
  require_option(options.max_pending_messages > 0, "max_pending_messages",
                 "must be at least 1, or no message would ever be read");
  require_time(options.ping_interval, "ping_interval");
  require_time(options.ping_timeout, "ping_timeout");
  require_time(options.handshake_timeout, "handshake_timeout");
}

}}}  // namespace aerie::v1::gateway
