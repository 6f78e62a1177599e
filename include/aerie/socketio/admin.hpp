#pragma once

/// \file
/// The namespace that the official Admin UI (https://socket.io/docs/v4/admin-ui/) talks to:
///
///     aerie::instrument(io, {.auth = aerie::AdminBasicAuth{.username = "admin", .password = "$2b$10$..."}});
///
/// See docs/admin-ui.md.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/task.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

namespace aerie { inline namespace v1 {

class Server;
class Socket;

/// One name and one password for all administrators.
struct AdminBasicAuth {
  /// The administrators' name.
  std::string username;
  /// A bcrypt hash: "$2b$10$...". See `bcrypt_hash`.
  std::string password;
};
/// Whether a client may be an administrator, by its handshake. It runs on the socket's shard, and must not
/// block.
using AdminCheck = std::function<Task<bool>(Socket&)>;
/// Everybody who reaches the server may do everything.
struct AdminWithoutAuth {};

/// How much administrators are shown.
enum class AdminMode : std::uint8_t {
  /// Every socket, room and event is shown. It costs a multiple of what the events themselves do.
  development,
  /// Only numbers, every two seconds.
  production,
};

/// Who may administer a server, and how much of it.
struct AdminOptions {
  /// Has to be said.
  std::variant<std::monostate, AdminBasicAuth, AdminCheck, AdminWithoutAuth> auth{};
  /// The namespace that the page connects to.
  std::string nsp = "/admin";
  /// Administrators look on, and cannot make sockets join, leave or disconnect, nor emit.
  bool readonly = false;
  /// What the server is called in the page; empty: the machine's name and the process' number.
  std::string server_id{};
  /// Nothing: production if the environment has NODE_ENV=production.
  std::optional<AdminMode> mode{};
};

/// Makes the namespace, and tells those who are in it what the server does. Before it serves, and once for
/// each server. Throws std::invalid_argument if nothing is said of `auth`, or the password is no bcrypt hash.
AERIE_API void instrument(Server& io, AdminOptions options);

/// A bcrypt hash of a password. It takes `2^cost` rounds, some tenths of a second for 12. Throws
/// std::invalid_argument for a cost below 4 or above 31, std::runtime_error if the system's crypt library
/// knows no bcrypt. Thread-safe.
AERIE_API std::string bcrypt_hash(std::string const& password, unsigned cost = 10);
/// Whether the hash is of that password. As slow. False for what is no bcrypt hash. Thread-safe.
AERIE_API bool bcrypt_matches(std::string const& password, std::string const& hash);

}}  // namespace aerie::v1
