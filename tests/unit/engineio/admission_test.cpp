#include "engineio/admission.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace aerie::engineio { namespace {

using namespace std::chrono_literals;
using enum Admission::Verdict;

constexpr core::TimePoint start{std::chrono::hours{1}};

TEST(Admission, AllowsAsManySessionsAsThereMayBeDescriptorsUnlessToldOtherwise) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  auto lowered = before;
  lowered.rlim_cur = 100;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &lowered), 0);
  Admission admission({});
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(admission.enter("", start), admitted);
  EXPECT_EQ(admission.enter("", start), too_many);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(admission.enter("", start), admitted) << "the limit was raised meanwhile";
  EXPECT_EQ(admission.open(), 101U);
}

TEST(Admission, CountsAnIpv6NetworkAsOneAddress) {
  Admission admission({.max_sessions_per_address = 1});
  EXPECT_EQ(admission.enter("2001:db8:0:1::1", start), admitted);
  EXPECT_EQ(admission.enter("2001:db8:0:1:ffff::2", start), too_many_of_address);
  EXPECT_EQ(admission.enter("2001:db8:0:2::1", start), admitted);
  EXPECT_EQ(admission.enter("192.0.2.1", start), admitted);
  EXPECT_EQ(admission.enter("192.0.2.2", start), admitted);
  EXPECT_EQ(admission.enter("192.0.2.1", start), too_many_of_address);
  admission.leave("2001:db8:0:1:ffff::3");
  EXPECT_EQ(admission.enter("2001:db8:0:1::1", start), admitted);
  EXPECT_EQ(admission.open(), 4U) << "those who were refused do not count";
}

TEST(Admission, CountsNewSessionsOfEachSecond) {
  Admission admission({.max_new_sessions_per_address = 2});
  EXPECT_EQ(admission.enter("a", start), admitted);
  EXPECT_EQ(admission.enter("a", start + 500ms), admitted);
  admission.leave("a");
  EXPECT_EQ(admission.enter("a", start + 999ms), too_fast) << "leaving does not buy another one";
  EXPECT_EQ(admission.enter("b", start + 999ms), admitted);
  EXPECT_EQ(admission.enter("a", start + 1s), admitted);
}

TEST(Admission, GivesEveryPlaceBack) {
  Admission admission({.max_sessions = 2, .max_sessions_per_address = 1});
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(admission.enter("a", start), admitted);
    EXPECT_EQ(admission.enter("a", start), too_many_of_address);
    admission.leave("a");
  }
  EXPECT_EQ(admission.open(), 0U);
}

}}  // namespace aerie::engineio
