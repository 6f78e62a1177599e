#pragma once

/// \file
/// A connection to a server, and who makes it again when it is lost:
/// https://socket.io/docs/v4/client-api/#manager

#include <aerie/client/listener.hpp>
#include <aerie/client/options.hpp>
#include <aerie/client/socket.hpp>
#include <aerie/client/url.hpp>
#include <aerie/core/api.hpp>
#include <aerie/core/task.hpp>

#include <memory>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 {

class Runtime;

namespace client {

class Dialer;
class ManagerHandle;

/// Sockets of several namespaces share one connection:
///
///     aerie::client::Manager manager("https://example.com");
///     auto const socket = manager.socket();
///     socket.on("connect", [socket] { socket.emit("hello", "world"); });
///     socket.connect();
///
/// All of it, and of its sockets, may be called on any thread; listeners are called one at a time, on the
/// manager's own thread or on the runtime that it was given.
///
/// It has the events of the official client's managers: `open`, `error` (message), `close` (reason,
/// description), `ping`, `upgrade` (transport), `reconnect_attempt` (number), `reconnect` (number),
/// `reconnect_error` (message), `reconnect_failed`.
class AERIE_API Manager {
 public:
  /// With a thread of its own. Throws std::invalid_argument for a URL or options that are impossible, and
  /// std::runtime_error for files of Options::tls that cannot be used; each with the remedy.
  explicit Manager(std::string_view url, Options options = {});
  /// In the runtime's first event loop, or that whose turn it is: also one that is polled, or driven by
  /// another event loop. The runtime may end first.
  Manager(Runtime& runtime, std::string_view url, Options options = {});
  /// Over connections of another kind, in memory for instance; what `tls` and `proxy` say is not used then.
  Manager(Runtime& runtime, Url const& url, Options options, std::unique_ptr<Dialer> dialer);
  Manager(Manager&& other) noexcept;
  Manager& operator=(Manager&& other) noexcept;
  /// Closes. A thread of its own that is idle is given a moment, 200 ms at most, to say goodbye to the
  /// server.
  ~Manager();

  /// The socket of a namespace, by default that of the URL. The same one each time.
  Socket socket() const;
  Socket socket(std::string_view nsp) const;

  /// Opens the connection without any socket.
  void open() const;
  /// Changes `Options::reconnection`. Switched off, an attempt that waits for its time is not made either,
  /// until the next `connect` or `open`.
  void set_reconnection(bool on) const;
  /// Leaves all namespaces and ends the connection, for good: what was emitted before is still sent. Never
  /// blocks, and once it has returned no listener is called any more; one that is running meanwhile, on the
  /// other thread, comes to its end.
  void close() const noexcept;

  /// Listens to what becomes of the connection: the official manager's events. Any thread.
  template <class F>
  ListenerId on(std::string_view event, F&& function) const {
    return listen(event, make_listener(std::forward<F>(function)));
  }
  /// Listens no more.
  void off(ListenerId id) const;

  /// Runs a task on the client's event loop. It ends with the client: where it waits then, it is destroyed.
  void spawn(Task<void> task) const;

 private:
  ListenerId listen(std::string_view event, std::shared_ptr<Listener> listener) const;

  std::shared_ptr<ManagerHandle> handle_;
};

}  // namespace client
}}  // namespace aerie::v1
