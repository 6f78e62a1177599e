#include <aerie/core/task_context.hpp>
#include <aerie/core/user_code.hpp>

namespace aerie { inline namespace v1 { namespace core {

namespace {

bool is_cancellation(std::exception_ptr const& error) noexcept {
  try {
    std::rethrow_exception(error);
  } catch (Cancelled const&) {
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace

void report_exception(Logger const& log, UserCode code, std::exception_ptr const& error) noexcept {
  if (!error || is_cancellation(error) || !log.enabled(LogLevel::error)) return;
  try {
    auto const whom = code.whom.empty() ? std::string() : concat(" of ", code.whom);
    auto const who = concat(code.what, whom);
    log.write_limited(LogLevel::error, code.component, who, concat(who, " has thrown: ", describe(error)));
  } catch (...) {
    // Out of memory for the sentence itself: that something was wrong is still said.
    log.error(code.component, "an exception could not be reported");
  }
}

void report_exception(Logger const& log, UserCode code) noexcept {
  report_exception(log, code, std::current_exception());
}

}}}  // namespace aerie::v1::core
