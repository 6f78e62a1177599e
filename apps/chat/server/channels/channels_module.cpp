#include "channels/channels_module.hpp"

#include "channels/channel_backlog.hpp"
#include "channels/channel_gateway.hpp"
#include "channels/guests.hpp"
#include "cluster/cluster_module.hpp"

namespace chat {

void ChannelsModule::describe(aerie::Module& m) {
  m.imports<ClusterModule>();
  m.provides<ChannelBacklog>().provides<Guests>().gateways<ChannelGateway>();
}

}  // namespace chat
