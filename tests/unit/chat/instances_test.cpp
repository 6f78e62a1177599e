// Two instances of the chat in one process, which talk over a broker in memory.

#include "announcer.hpp"
#include "app_module.hpp"
#include "config.hpp"
#include "errors.hpp"
#include "store/message_store.hpp"
#include "store/notification_store.hpp"
#include "unit/chat/temporary_directory.hpp"

#include <aerie/gateway/socketio_adapter.hpp>
#include <aerie/gateway/validation_pipe.hpp>
#include <aerie/testing.hpp>

#include <gtest/gtest.h>
#include <memory_adapter.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace chat::test { namespace {

using namespace std::chrono_literals;
using aerie::Task;
using aerie::Value;

/// What all instances keep: in memory, and stored as soon as it is asked for.
struct Disk {
  std::vector<User> users;
  std::vector<Room> rooms{{1, "Lobby", {}}};
  std::vector<Message> messages;
  std::vector<std::pair<UserId, Notification>> notifications;
};

class MemoryStore final : public MessageStore, public NotificationStore {
 public:
  MemoryStore(Disk& disk, StoreListener& listener) : disk_(disk), listener_(listener) {}

  std::string_view id() const noexcept override { return "memory"; }
  std::optional<std::string> const& secret() const noexcept override { return secret_; }
  Task<User> user(std::string nickname) override {
    auto const found = std::ranges::find(disk_.users, nickname, &User::nickname);
    if (found != disk_.users.end()) co_return *found;
    disk_.users.push_back({static_cast<UserId>(disk_.users.size() + 1), std::move(nickname)});
    co_return disk_.users.back();
  }
  Task<Room> create_room(std::string name) override {
    disk_.rooms.push_back({static_cast<RoomId>(disk_.rooms.size() + 1), std::move(name), {}});
    listener_.room_created(disk_.rooms.back());
    co_return disk_.rooms.back();
  }
  Task<std::optional<Room>> room(RoomId id) override {
    auto const found = std::ranges::find(disk_.rooms, id, &Room::id);
    if (found == disk_.rooms.end()) co_return std::nullopt;
    co_return *found;
  }
  Task<std::vector<Room>> rooms() override { co_return disk_.rooms; }
  Task<Message> append(NewMessage message) override {
    auto const id = static_cast<MessageId>(disk_.messages.size() + 1);
    disk_.messages.push_back({id, message.room, message.sender, message.content, message.client_id, {}});
    listener_.message_stored(disk_.messages.back());
    co_return disk_.messages.back();
  }
  Task<MessagePage> history(RoomId, std::optional<MessageId>, std::size_t) override {
    co_return MessagePage{};
  }
  Task<ChangedMessage> change(MessageChange) override { co_return ChangedMessage{}; }
  Task<MessagePage> search(RoomId, std::string, std::optional<MessageId>, std::size_t) override {
    co_return MessagePage{};
  }
  Task<std::optional<StoredImage>> image(std::string) override { co_return std::nullopt; }
  Task<ReadState> read_up_to(UserId user, RoomId room, MessageId message) override {
    ReadState const state{room, message, 0, message};
    listener_.room_read(user, state);
    co_return state;
  }
  Task<void> forget_room(UserId user, RoomId room) override {
    listener_.room_left(user, room);
    co_return;
  }
  Task<std::vector<ReadState>> reading(UserId) override { co_return std::vector<ReadState>(); }
  Task<void> settled() override { co_return; }

  Task<CalendarEvent> create_event(NewEvent event) override {
    CalendarEvent const stored{1, event.title, event.starts_at, event.creator};
    for (auto const& nickname : event.invited) {
      auto const& invited = *std::ranges::find(disk_.users, nickname, &User::nickname);
      auto const id = static_cast<NotificationId>(disk_.notifications.size() + 1);
      disk_.notifications.emplace_back(invited.id, Notification{.id = id, .event = stored});
      listener_.notified(invited.id, disk_.notifications.back().second);
    }
    co_return stored;
  }
  Task<NotificationPage> notifications(UserId, bool, std::size_t) override { co_return NotificationPage{}; }
  Task<bool> mark_read(UserId user, NotificationId id) override {
    listener_.notification_read(user, id);
    co_return true;
  }

 private:
  Disk& disk_;
  StoreListener& listener_;
  std::optional<std::string> secret_;
};

class TestAdapter final : public aerie::SocketIoAdapter {
 public:
  explicit TestAdapter(MemoryBroker& broker) : broker_(broker) {}
  void configure(aerie::GatewayServer const&, aerie::ServerOptions& options) override {
    options.adapter = memory_adapter(broker_);
  }

 private:
  MemoryBroker& broker_;
};

class InstancesTest : public ::testing::Test {
 public:
  struct Instance {
    /// Its process is there, and does nothing any more.
    bool is_frozen = false;
    std::unique_ptr<aerie::testing::Application> app;
  };

  Instance& start() {
    all.push_back(std::make_unique<Instance>());
    auto& instance = *all.back();
    aerie::ConfigOptions settings;
    settings.env_files = {};
    settings.environment = {{"DB", directory.file(std::to_string(all.size()) + ".db").string()},
                            {"JWT_SECRET", "a secret of 32 bytes or more, for tests"}};
    aerie::testing::ApplicationBuilder builder(AppModule::with(settings).reference);
    builder.override_provider<MessageStore>(
        [this](Announcer& announcer) { return std::make_unique<MemoryStore>(disk, announcer); });
    builder.override_provider<NotificationStore>(
        [this](Announcer& announcer) { return std::make_unique<MemoryStore>(disk, announcer); });
    builder.configure([this](aerie::Application& app) {
      app.use_websocket_adapter<TestAdapter>(broker);
      app.use<aerie::ValidationPipe>({.whitelist = true});
    });
    instance.app = std::make_unique<aerie::testing::Application>(builder.start());
    return instance;
  }
  /// Lets time pass for all of them; what they say to each other takes turns of both.
  void pass(std::chrono::milliseconds time) {
    for (; time > 0ms; time -= 10ms) {
      for (auto const& each : all)
        if (each->app && !each->is_frozen) each->app->advance(10ms);
      for (auto const& each : all)
        if (each->app && !each->is_frozen) each->app->run();
    }
  }
  std::string token(Instance& instance, std::string const& nickname) const {
    auto const answer =
        instance.app->http().post("/api/login", Value::object({{"nickname", nickname}})).json();
    return std::string(*answer["token"].get_if<std::string_view>());
  }
  /// Ann is here and Bob there, both in the lobby, which both instances know.
  std::pair<aerie::testing::Client, aerie::testing::Client> one_on_each() {
    pass(1500ms);
    auto ann = person(here, "Ann");
    auto bob = person(there, "Bob");
    ann.emit_with_ack("joinRoom", lobby());
    bob.emit_with_ack("joinRoom", lobby());
    pass(100ms);
    return {std::move(ann), std::move(bob)};
  }
  aerie::testing::Client person(Instance& instance, std::string const& nickname,
                                std::string_view nsp = "/") const {
    return instance.app->connect(nsp, {{"token", token(instance, nickname)}});
  }
  static Value lobby() { return Value::object({{"chatRoomId", 1}}); }
  static std::vector<std::string> nicknames(Value const& users) {
    std::vector<std::string> names;
    for (auto const& user : users.as_array())
      names.emplace_back(*user["nickname"].get_if<std::string_view>());
    return names;
  }
  /// The last news of who is online.
  static std::vector<std::string> online(aerie::testing::Client& client) {
    std::vector<std::string> names;
    for (auto const& event : client.received())
      if (event.name == "online") names = nicknames(event.args.at(0)["users"]);
    return names;
  }
  static std::size_t count(aerie::testing::Client const& client, std::string_view event) {
    return static_cast<std::size_t>(
        std::ranges::count(client.received(), event, &aerie::testing::ReceivedEvent::name));
  }
  static std::int64_t number(aerie::testing::Client& client) {
    std::int64_t last = 0;
    for (auto const& event : client.received())
      if (event.name == "online") last = event.args.at(0).get_if<std::int64_t>().value_or(-1);
    return last;
  }

  TemporaryDirectory directory;
  Disk disk;
  MemoryBroker broker;
  std::vector<std::unique_ptr<Instance>> all;
  Instance& here = start();
  Instance& there = start();
};

using Names = std::vector<std::string>;

TEST_F(InstancesTest, WhoIsInARoomIsKnownOnAll) {
  pass(1500ms);
  auto ann = person(here, "Ann");
  ann.emit_with_ack("joinRoom", lobby());
  pass(100ms);
  auto bob = person(there, "Bob");
  auto const joined = bob.emit_with_ack("joinRoom", lobby());
  EXPECT_EQ(nicknames(joined["online"]), (Names{"Ann", "Bob"}));
  pass(100ms);
  EXPECT_EQ(online(ann), (Names{"Ann", "Bob"}));
  EXPECT_EQ(online(bob), (Names{"Ann", "Bob"}));
  bob.emit_with_ack("leaveRoom", lobby());
  pass(100ms);
  EXPECT_EQ(online(ann), Names{"Ann"});
}

TEST_F(InstancesTest, WhatIsSaidAndTypedReachesEverybodyOnce) {
  auto ann = person(here, "Ann");
  auto bob = person(there, "Bob");
  ann.emit_with_ack("joinRoom", lobby());
  bob.emit_with_ack("joinRoom", lobby());
  ann.emit("typing", Value::object({{"chatRoomId", 1}, {"typing", true}}));
  auto const sent = ann.emit_with_ack(
      "sendMessage", Value::object({{"chatRoomId", 1}, {"content", "hello"}, {"clientId", "1"}}));
  EXPECT_EQ(sent["ok"], Value(true));
  pass(100ms);
  for (auto* const client : {&ann, &bob})
    EXPECT_EQ(count(*client, "newMessage"), 1U);
  EXPECT_EQ(count(ann, "typing"), 0U);
  EXPECT_EQ(count(bob, "typing"), 1U);
}

TEST_F(InstancesTest, ANotificationReachesATabOnEachInstanceOnce) {
  auto const ann = token(here, "Ann");
  auto first = person(here, "Bob", "/notifications");
  auto second = person(there, "Bob", "/notifications");
  auto const answer = here.app->http().post("/api/events",
                                            Value::object({{"title", "Review"},
                                                           {"startsAt", "2026-01-02T00:00:00.000Z"},
                                                           {"invited", Value::array({"Bob"})},
                                                           {"clientId", "1"}}),
                                            {{"Authorization", "Bearer " + ann}});
  EXPECT_EQ(answer.status, 201) << answer.body;
  pass(100ms);
  EXPECT_EQ(count(first, "notification"), 1U);
  EXPECT_EQ(count(second, "notification"), 1U);

  there.app->http().post("/api/notifications/1/read", Value::object({}),
                         {{"Authorization", "Bearer " + token(there, "Bob")}});
  pass(100ms);
  EXPECT_EQ(count(first, "notificationRead"), 1U);
  EXPECT_EQ(count(second, "notificationRead"), 1U);
}

TEST_F(InstancesTest, ARoomThatIsMadeIsToldEverywhere) {
  auto ann = person(here, "Ann");
  auto bob = person(there, "Bob");
  here.app->http().post("/api/rooms", Value::object({{"name", "Kitchen"}}),
                        {{"Authorization", "Bearer " + token(here, "Ann")}});
  pass(100ms);
  EXPECT_EQ(count(ann, "roomCreated"), 1U);
  EXPECT_EQ(count(bob, "roomCreated"), 1U);
}

TEST_F(InstancesTest, GuestsOfAChannelAreCountedTogether) {
  pass(1500ms);
  auto first = here.app->connect("/channel-a");
  pass(100ms);
  auto second = there.app->connect("/channel-a");
  pass(1200ms);
  auto const welcome = second.expect_event("welcome").at(0);
  EXPECT_EQ(welcome["online"], Value(2));
  EXPECT_EQ(number(first), 2);
  EXPECT_EQ(number(second), 2);
  { auto const leaves = std::move(second); }
  pass(100ms);
  EXPECT_EQ(number(first), 1);
}

TEST_F(InstancesTest, WhoComesToAChannelLaterSeesWhatWasSaidOnOtherInstances) {
  auto first = here.app->connect("/channel-a");
  pass(1200ms);
  first.emit_with_ack("say", Value::object({{"content", "one"}}));
  pass(100ms);
  // One that has started since has heard nothing of it.
  auto& third = start();
  pass(1500ms);
  auto late = third.app->connect("/channel-a");
  pass(1200ms);
  auto const recent = late.expect_event("welcome").at(0)["recent"];
  ASSERT_EQ(recent.as_array().size(), 1U);
  EXPECT_EQ(recent.as_array().at(0)["content"], Value("one"));
  auto const said = late.emit_with_ack("say", Value::object({{"content", "two"}}))["message"];
  EXPECT_EQ(said["id"], Value(2));
  pass(100ms);
  EXPECT_EQ(count(first, "said"), 2U);
  EXPECT_EQ(count(late, "said"), 1U);
  // And that one, which has heard both, tells them to its next guest in their order.
  auto next = there.app->connect("/channel-a");
  pass(1200ms);
  auto const both = next.expect_event("welcome").at(0)["recent"].as_array();
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0]["content"], Value("one"));
  EXPECT_EQ(both[1]["content"], Value("two"));
}

TEST_F(InstancesTest, WhoWasOnAnInstanceThatEndsIsGoneAtOnce) {
  auto [ann, bob] = one_on_each();
  EXPECT_EQ(online(ann), (Names{"Ann", "Bob"}));
  there.app->close();
  there.app.reset();
  pass(100ms);
  EXPECT_EQ(online(ann), Names{"Ann"});
}

TEST_F(InstancesTest, WhoWasOnAnInstanceThatDiesWithoutAWordIsGoneInTime) {
  auto [ann, bob] = one_on_each();
  there.is_frozen = true;
  pass(5s);
  EXPECT_EQ(online(ann), (Names{"Ann", "Bob"}));
  pass(6s);
  EXPECT_EQ(online(ann), Names{"Ann"});
}

}}  // namespace chat::test
