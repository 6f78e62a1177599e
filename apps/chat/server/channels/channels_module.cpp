#include "channels/channels_module.hpp"

#include "channels/channel_backlog.hpp"
#include "channels/channel_gateway.hpp"

namespace chat {

void ChannelsModule::describe(aerie::Module& m) {
  m.provides<ChannelBacklog>().gateways<ChannelGateway>();
}

}  // namespace chat
