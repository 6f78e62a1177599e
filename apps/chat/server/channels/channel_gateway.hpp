#pragma once

/// \file
/// Anonymous channels: a namespace `/channel-<name>` for each, made by whoever comes first. Nobody signs in,
/// nothing is stored.

#include "channels/channel_backlog.hpp"
#include "channels/guests.hpp"
#include "cluster/instances.hpp"
#include "coalescer.hpp"
#include "errors.hpp"
#include "model.hpp"

#include <aerie/core/clock.hpp>
#include <aerie/core/task.hpp>
#include <aerie/gateway/gateway.hpp>
#include <aerie/gateway/throttle.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/socket.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
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
  std::optional<std::string> client_id;

  static void describe(aerie::Schema<SayRequest>& s) {
    s.field<&SayRequest::content>();
    s.field<&SayRequest::client_id>("clientId").length(1, longest_client_id);
  }
};

struct Said {
  bool ok = true;
  ChannelMessage message;

  static void describe(aerie::Schema<Said>& s) {
    s.field<&Said::ok>().equals(true);
    s.field<&Said::message>();
  }
};

class ChannelGateway {
 public:
  ChannelGateway(ChannelBacklog& backlog, Guests& guests, Instances& instances, aerie::Runtime& runtime,
                 aerie::core::Clock const& clock);
  static void describe(aerie::Gateway<ChannelGateway>& g);

  void on_application_bootstrap();

 private:
  aerie::Task<void> welcome(aerie::Socket& socket);
  void farewell(aerie::Socket& socket);
  /// What was said last, as far as the other instances know.
  aerie::Task<void> load(std::string channel);
  /// Tells everybody in a channel of this instance, soon, how many there are on all.
  void count(std::string const& channel);
  Said say(aerie::Namespace& channel, Guest const& guest, SayRequest const& request);

  ChannelBacklog& backlog_;
  Guests& guests_;
  Instances& instances_;
  Coalescer soon_;
  aerie::core::Clock const& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::weak_ptr<aerie::Namespace>> open_;  // with somebody in it
};

}  // namespace chat
