#include "lab/guards.hpp"

#include <aerie/core/sleep.hpp>

#include <algorithm>
#include <chrono>
#include <vector>

namespace reference::lab {

using namespace std::chrono_literals;

namespace {

struct NobodyGuard {
  bool can_activate(aerie::ExecutionContext&) { return false; }
};

struct SlowNobodyGuard {
  aerie::Task<bool> can_activate(aerie::ExecutionContext&) {
    co_await aerie::sleep_for(5ms);
    co_return false;
  }
};

struct StreamGuard {
  aerie::Generator<bool> can_activate(aerie::ExecutionContext&) { co_yield true; }
};

struct WsGuard {
  bool can_activate(aerie::ExecutionContext&) { throw aerie::WsException("guard says no"); }
};

struct HttpGuard {
  bool can_activate(aerie::ExecutionContext&) { throw aerie::UnauthorizedException(); }
};

struct RejectingGuard {
  aerie::Task<bool> can_activate(aerie::ExecutionContext&) {
    co_await aerie::sleep_for(0ms);
    throw aerie::WsException(aerie::Value::object({{"code", "REJECTED"}, {"hint", 1}}));
  }
};

/// Who may use a handler: `.meta(Roles{{"admin"}})`.
struct Roles {
  std::vector<std::string> names;
};

struct RolesGuard {
  bool can_activate(aerie::ExecutionContext& context) {
    auto const* const roles = context.metadata<Roles>();
    if (roles == nullptr) return true;
    auto const role = context.socket().handshake().auth_text("role");
    return role && std::ranges::find(roles->names, *role) != roles->names.end();
  }
};

}  // namespace

void Guards::describe(aerie::Gateway<Guards>& g) {
  g.at("/lab");
  g.on<&Guards::reached>("guard:false").use<NobodyGuard>();
  g.on<&Guards::reached>("guard:asyncfalse").use<SlowNobodyGuard>();
  g.on<&Guards::reached>("guard:obstrue").use<StreamGuard>();
  g.on<&Guards::reached>("guard:ws").use<WsGuard>();
  g.on<&Guards::reached>("guard:http").use<HttpGuard>();
  g.on<&Guards::reached>("guard:reject").use<RejectingGuard>();
  g.on<&Guards::welcome>("guard:roles").meta(Roles{{"admin"}}).use<RolesGuard>();
}

std::string Guards::reached() {
  return "reached";
}

std::string Guards::welcome() {
  return "welcome";
}

}  // namespace reference::lab
