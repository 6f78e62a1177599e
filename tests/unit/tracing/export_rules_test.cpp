#include "tracing/export_rules.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>

namespace aerie::tracing { namespace {

using namespace std::chrono_literals;

TEST(VerdictOnACollectorsAnswer, IsWhatOtlpSays) {
  struct Case {
    int status;
    Verdict verdict;
  };
  for (auto const& [status, verdict] : {Case{0, Verdict::again},
                                        {200, Verdict::taken},
                                        {202, Verdict::taken},
                                        {400, Verdict::refused},
                                        {401, Verdict::refused},
                                        {404, Verdict::refused},
                                        {408, Verdict::refused},
                                        {413, Verdict::refused},
                                        {429, Verdict::again},
                                        {500, Verdict::refused},
                                        {501, Verdict::refused},
                                        {502, Verdict::again},
                                        {503, Verdict::again},
                                        {504, Verdict::again},
                                        {301, Verdict::refused}}) {
    http::FetchResult result;
    result.head.status = status;
    EXPECT_EQ(verdict_of(result), verdict) << status;
  }
}

TEST(RetryAfterHeader, IsSecondsOrADate) {
  using std::chrono::sys_days;
  core::WallTime const now = sys_days{std::chrono::year{2026} / 11 / 29} + 11h;
  struct Case {
    char const* header;
    std::optional<core::Milliseconds> pause;
  };
  for (auto const& [header, pause] : {Case{"0", 0ms},
                                      {"120", 120s},
                                      {"Sun, 29 Nov 2026 11:00:30 GMT", 30s},
                                      {"Sun, 29 Nov 2026 10:00:00 GMT", 0ms},
                                      {"", std::nullopt},
                                      {"-1", std::nullopt},
                                      {"1.5", std::nullopt},
                                      {"soon", std::nullopt},
                                      {"Sun, 31 Feb 2026 11:00:30 GMT", std::nullopt},
                                      {"Sun, 29 ovN 2026 11:00:30 GMT", std::nullopt},
                                      {"Sunday, 29-Nov-26 11:00:30 GMT", std::nullopt}})
    EXPECT_EQ(retry_after(header, now), pause) << header;
}

TEST(RetryPauses, GrowAreSpreadAndEnd) {
  RetryPause pause;
  EXPECT_EQ(pause.next(0, std::nullopt), RetryPause::shortest / 2);
  pause.reset();
  EXPECT_EQ(pause.next(500, std::nullopt), RetryPause::shortest / 2 + 500ms);
  EXPECT_EQ(pause.next(0, std::nullopt), RetryPause::shortest);
  for (int i = 0; i < 20; ++i)
    static_cast<void>(pause.next(0, std::nullopt));
  EXPECT_EQ(pause.next(0, std::nullopt), RetryPause::longest / 2);
  EXPECT_EQ(pause.next(0, 60s), 60s);
  EXPECT_EQ(pause.next(0, 1ms), RetryPause::longest / 2);
}

}}  // namespace aerie::tracing
