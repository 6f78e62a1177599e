#include "auth/sign_in.hpp"

#include "errors.hpp"
#include "text.hpp"

#include <string>
#include <utility>

namespace chat {

namespace {

constexpr std::size_t longest_nickname = 32;

}  // namespace

aerie::Task<Session> SignIn::sign_in(std::string_view nickname) {
  auto name = std::string(text::trimmed(nickname));
  if (!text::is_name(name, longest_nickname)) {
    throw ChatError(ErrorCode::invalid_nickname, "A nickname has 1 to 32 characters, all of them printable.");
  }
  auto user = co_await store_.user(std::move(name));
  auto issued = tokens_.issue(user);
  co_return Session{std::move(issued.token), std::move(user), aerie::Date(issued.expires_at)};
}

}  // namespace chat
