// Tests of reminders.hpp: the whole application, without a network, on a clock that stands still.
#include "reminders.hpp"

#include <aerie/testing.hpp>

#include <gtest/gtest.h>

using namespace std::chrono_literals;

class CurtWording : public Wording {
 public:
  std::string of(Reminder const& reminder) override { return reminder.text + "!"; }
};

TEST(Reminders, ComeWhenTheyAreDue) {
  auto app = aerie::testing::create<ReminderModule>().start();
  auto client = app.connect("/reminders");
  client.emit("remind", Reminder{"tea", 60});

  app.advance(59s);
  client.expect_no_event("reminder");
  app.advance(1s);
  EXPECT_EQ(client.expect_event<std::string>("reminder"), "Please remember: tea");
}

TEST(Reminders, AreWordedByWhateverIsProvided) {
  auto app = aerie::testing::create<ReminderModule>().override_provider<Wording>(CurtWording()).start();
  auto client = app.connect("/reminders");
  client.emit("remind", Reminder{"tea", 1});
  app.advance(1s);
  EXPECT_EQ(client.expect_event<std::string>("reminder"), "tea!");
}

TEST(Reminders, AreRefusedIfTheyAreForNever) {
  auto app = aerie::testing::create<ReminderModule>().start();
  auto client = app.connect("/reminders");
  client.emit("remind", Reminder{"tea", 0});
  auto const refusal = client.expect_event("exception");
  EXPECT_EQ(refusal.at(0)["message"][0], aerie::Value("seconds must not be less than 1"));
}

// A handler is a member function: it can simply be called.
TEST(Reminders, AreCounted) {
  auto app = aerie::testing::create<ReminderModule>().start();
  auto client = app.connect("/reminders");
  client.emit("remind", Reminder{"tea", 1});
  EXPECT_EQ(app.get<ReminderGateway>().count(), 1);
}
