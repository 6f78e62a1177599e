#include "redis/options_check.hpp"

#include <aerie/core/log.hpp>

#include <initializer_list>
#include <stdexcept>

namespace aerie { inline namespace v1 { namespace redis {

namespace {

[[noreturn]] void refuse(std::string_view setting, std::string_view why) {
  throw std::invalid_argument(core::concat("aerie: redis::ClientOptions::", setting, " ", why));
}

Topology topology_named(std::string_view name) {
  if (name == "single") return Topology::single;
  if (name == "cluster") return Topology::cluster;
  if (name == "sentinel") return Topology::sentinel;
  return Topology::automatic;
}

void check_times(ClientOptions const& options) {
  struct Setting {
    std::string_view name;
    core::Milliseconds value;
  };
  for (auto const& [name, value] :
       {Setting{"connect_timeout", options.connect_timeout},
        Setting{"command_timeout", options.command_timeout}, Setting{"ping_interval", options.ping_interval},
        Setting{"reconnect_delay", options.reconnect_delay},
        Setting{"reconnect_delay_max", options.reconnect_delay_max}}) {
    if (value < core::Milliseconds{1} || value > std::chrono::hours{24})
      refuse(name, core::concat("is ", std::to_string(value.count()), " ms; use 1 ms to 24 hours"));
  }
  if (options.reconnect_delay > options.reconnect_delay_max)
    refuse("reconnect_delay", "is longer than reconnect_delay_max; use at most that");
}

}  // namespace

Topology checked_topology(ClientOptions& options, Url const& url) {
  check_times(options);
  if (options.outbox_limit == 0) refuse("outbox_limit", "is 0, so nothing could ever be sent; use 1 or more");
  if (options.limits.bytes == 0 || options.limits.elements == 0)
    refuse("limits", "are 0, so nothing could ever be received; use 1 or more for both");
  if (options.client_name.find_first_of(" \r\n") != std::string::npos)
    refuse("client_name", "has a space or a line break in it, which Redis does not take");
  auto const topology = url.topology.empty() ? options.topology : topology_named(url.topology);
  if (!url.master.empty()) options.master = url.master;
  if (topology == Topology::sentinel && options.master.empty())
    refuse("master", "is empty; with sentinels it names the master that they watch (`?master=mymaster`)");
  auto const several = url.addresses.size() > 1;
  if (topology == Topology::single && several)
    refuse("url",
           "has several addresses, which are those of a cluster or of sentinels; say which by ?topology=");
  if (topology == Topology::cluster && url.database != 0)
    refuse("url", "asks for a database, but a Redis Cluster has only database 0");
  return topology;
}

}}}  // namespace aerie::v1::redis
