#include "channels/channel_gateway.hpp"

#include "error_answers.hpp"
#include "model.hpp"
#include "text.hpp"

#include <aerie/core/log.hpp>

#include <chrono>
#include <string_view>
#include <utility>

namespace chat {

namespace {

using namespace std::chrono_literals;

/// Between instances: a message, and the question for the last ones.
constexpr std::string_view said_elsewhere = "chat:said";
constexpr std::string_view recent_elsewhere = "chat:recent";
/// Who comes into a channel waits so long for those who may know more of it, and no longer.
constexpr auto recent_timeout = 1s;

}  // namespace

void ChannelGateway::describe(aerie::Gateway<ChannelGateway>& g) {
  g.matching("^/channel-[a-z0-9][a-z0-9-]{0,62}$").use<ErrorAnswers>();
  g.connected<&ChannelGateway::welcome>().disconnected<&ChannelGateway::farewell>();
  g.on<&ChannelGateway::say>("say").use<aerie::Throttle>(20, 10s).idempotent<"clientId">();
  g.description("Anonymous channels: nobody signs in, nothing is stored.");
  g.error_codes<ErrorCode>().refuses_with<Refused>();
  g.emits<ChannelWelcome>("welcome", "The first event of a connection.");
  g.emits<ChannelMessage>("said").emits<std::int64_t>("online", "How many are here.");
}

ChannelGateway::ChannelGateway(ChannelBacklog& backlog, Guests& guests, Instances& instances,
                               aerie::Runtime& runtime, aerie::core::Clock const& clock)
    : backlog_(backlog), guests_(guests), instances_(instances), soon_(runtime), clock_(clock) {
  guests_.on_change([this](std::string const& channel) { count(channel); });
}

void ChannelGateway::on_application_bootstrap() {
  instances_.on(said_elsewhere, [this](std::string const& channel, ChannelMessage const& message) {
    backlog_.merge(channel, {message});
  });
  instances_.on(recent_elsewhere, [this](std::string const& channel) { return backlog_.recent(channel); });
}

aerie::Task<void> ChannelGateway::welcome(aerie::Socket& socket) {
  auto& channel = socket.nsp();
  auto const is_first = guests_.count_here(channel.name()) == 0;
  auto const& guest = socket.set(Guest{guests_.enter(channel.name())});
  {
    std::scoped_lock const lock(mutex_);
    open_[channel.name()] = channel.weak_from_this();
  }
  // While somebody is there, what is said elsewhere is heard here.
  if (is_first && instances_.are_several()) co_await load(channel.name());
  auto const online = static_cast<std::int64_t>(guests_.count(channel.name()));
  ChannelWelcome const greeting{guest.name, online, backlog_.recent(channel.name())};
  socket.emit("welcome", greeting);
  count(channel.name());
}

aerie::Task<void> ChannelGateway::load(std::string channel) {
  auto const answers = co_await instances_.ask(recent_elsewhere, recent_timeout, channel);
  for (auto const& answer : answers) {
    std::vector<ChannelMessage> messages;
    if (aerie::from_value(answer, messages)) backlog_.merge(channel, messages);
  }
}

void ChannelGateway::farewell(aerie::Socket& socket) {
  auto const& channel = socket.nsp().name();
  auto const* const guest = socket.find<Guest>();
  if (guest == nullptr) return;
  guests_.leave(channel, guest->name);
  if (guests_.count_here(channel) == 0) {
    std::scoped_lock const lock(mutex_);
    open_.erase(channel);
  }
  count(channel);
}

void ChannelGateway::count(std::string const& channel) {
  soon_.do_soon(channel, [this, channel] {
    std::shared_ptr<aerie::Namespace> there;
    {
      std::scoped_lock const lock(mutex_);
      if (auto const found = open_.find(channel); found != open_.end()) there = found->second.lock();
    }
    if (there) there->local().emit("online", static_cast<std::int64_t>(guests_.count(channel)));
  });
}

Said ChannelGateway::say(aerie::Namespace& channel, Guest const& guest, SayRequest const& request) {
  if (text::length(request.content) > longest_content) {
    throw ChatError(ErrorCode::too_long, "The message is longer than 2000 characters.");
  }
  if (text::trimmed(request.content).empty()) throw ChatError(ErrorCode::empty, "The message is empty.");
  auto [message, is_new] = backlog_.add(
      channel.name(), {0, guest.name, request.content, aerie::Date(clock_.wall()), request.client_id});
  if (is_new) {
    channel.emit("said", message);
    instances_.tell(said_elsewhere, channel.name(), message);
  }
  return {true, std::move(message)};
}

}  // namespace chat
