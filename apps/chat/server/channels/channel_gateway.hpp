#pragma once

/// \file
/// Anonymous channels: a namespace `/channel-<name>` for each, made by whoever comes first. Nobody signs in,
/// nothing is stored.

#include "channels/channel_backlog.hpp"
#include "coalescer.hpp"
#include "errors.hpp"

#include <aerie/core/clock.hpp>
#include <aerie/gateway/gateway.hpp>
#include <aerie/gateway/throttle.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/socket.hpp>

#include <string>
#include <vector>

namespace chat {

/// Who somebody is in a channel, until the connection ends.
struct Guest {
  std::string name;

  static Guest const& extract(aerie::ExecutionContext& context) { return context.get<Guest>(); }
};

struct ChannelWelcome {
  std::string name;
  std::int64_t online = 0;
  std::vector<ChannelMessage> recent;

  static void describe(aerie::Schema<ChannelWelcome>& s) {
    s.field<&ChannelWelcome::name>();
    s.field<&ChannelWelcome::online>();
    s.field<&ChannelWelcome::recent>();
  }
};

struct SayRequest {
  std::string content;

  static void describe(aerie::Schema<SayRequest>& s) { s.field<&SayRequest::content>(); }
};

struct Said {
  bool ok = true;
  ChannelMessage message;

  static void describe(aerie::Schema<Said>& s) {
    s.field<&Said::ok>();
    s.field<&Said::message>();
  }
};

class ChannelGateway {
 public:
  ChannelGateway(ChannelBacklog& backlog, aerie::Runtime& runtime, aerie::core::Clock const& clock)
      : backlog_(backlog), soon_(runtime), clock_(clock) {}
  static void describe(aerie::Gateway<ChannelGateway>& g);

 private:
  void welcome(aerie::Socket& socket);
  void farewell(aerie::Socket& socket);
  /// Tells everybody in a channel, soon, how many they are.
  void count(aerie::Namespace& channel);
  Said say(aerie::Namespace& channel, Guest const& guest, SayRequest const& request);

  ChannelBacklog& backlog_;
  Coalescer soon_;
  aerie::core::Clock const& clock_;
};

}  // namespace chat
