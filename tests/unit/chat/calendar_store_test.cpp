#include "unit/chat/store_fixture.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace chat::test { namespace {

class CalendarStoreTest : public AnyStoreFixture {
 public:
  void SetUp() override {
    AnyStoreFixture::SetUp();
    if (IsSkipped()) return;
    bob = await(store->user("Bob"));
    carl = await(store->user("Carl"));
  }

  User bob;
  User carl;

  NewEvent event(std::vector<std::string> invited, std::string client_id = "one") {
    if (ann.id == 0) ann = await(store->user("Ann"));
    return {ann, std::move(client_id), "Review", aerie::Date::from_milliseconds(5'000), std::move(invited)};
  }
  NotificationPage page(User const& user, bool unread_only = false) {
    return await(store->notifications(user.id, unread_only, 10));
  }
};

INSTANTIATE_TEST_SUITE_P(Kinds, CalendarStoreTest, kinds(), name_of_test);

TEST_P(CalendarStoreTest, TellsEverybodyInvitedOnce) {
  auto const stored = await(store->create_event(event({"Bob", "Carl", "Bob"})));
  EXPECT_EQ(stored.title, "Review");
  EXPECT_EQ(stored.creator, ann);
  auto const told = news.notifications();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].first, bob.id);
  EXPECT_EQ(told[1].first, carl.id);
  EXPECT_EQ(told[0].second.event, stored);
  EXPECT_EQ(page(bob).notifications, std::vector<Notification>{told[0].second});
  EXPECT_EQ(page(ann).notifications, std::vector<Notification>{});
}

TEST_P(CalendarStoreTest, StoresNothingWhereSomebodyIsUnknown) {
  EXPECT_EQ(code_of(store->create_event(event({"Bob", "Nobody"}))), "UNKNOWN_USER");
  EXPECT_EQ(page(bob).unread, 0);
  EXPECT_TRUE(news.notifications().empty());
}

TEST_P(CalendarStoreTest, AnswersARepeatedRequestWithWhatIsStored) {
  auto const first = await(store->create_event(event({"Bob"})));
  EXPECT_EQ(await(store->create_event(event({"Bob", "Carl"}))), first);
  EXPECT_EQ(news.notifications().size(), 1U);
  EXPECT_EQ(page(carl).unread, 0);
}

TEST_P(CalendarStoreTest, MarksAsReadOnceAndOnlyOnesOwn) {
  await(store->create_event(event({"Bob"})));
  auto const id = page(bob).notifications.at(0).id;
  EXPECT_FALSE(await(store->mark_read(carl.id, id)));
  EXPECT_EQ(page(bob).unread, 1);
  EXPECT_TRUE(await(store->mark_read(bob.id, id)));
  EXPECT_TRUE(await(store->mark_read(bob.id, id)));
  EXPECT_EQ(news.read().size(), 1U);
  EXPECT_EQ(page(bob).unread, 0);
  EXPECT_TRUE(page(bob).notifications.at(0).read);
  EXPECT_TRUE(page(bob, true).notifications.empty());
}

TEST_P(CalendarStoreTest, ShowsTheNewestFirst) {
  auto const first = await(store->create_event(event({"Bob"}, "one")));
  auto const second = await(store->create_event(event({"Bob"}, "two")));
  auto const both = page(bob).notifications;
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0].event, second);
  EXPECT_EQ(both[1].event, first);
}

TEST_P(CalendarStoreTest, KeepsThemOverARestart) {
  await(store->create_event(event({"Bob"})));
  auto const before = page(bob).notifications;
  reopen();
  EXPECT_EQ(page(bob).notifications, before);
}

}}  // namespace chat::test
