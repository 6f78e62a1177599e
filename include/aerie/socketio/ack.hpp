#pragma once

/// \file
/// Acknowledgements in both directions: `Ack` answers a client that asked for one, `AckReply` is what came of
/// asking a client. https://socket.io/docs/v4/emitting-events/#acknowledgements

#include <aerie/core/api.hpp>
#include <aerie/schema/encodable.hpp>
#include <aerie/socketio/args.hpp>
#include <aerie/socketio/encodable_list.hpp>
#include <aerie/socketio/missing_servers.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

class Socket;

namespace socketio {

/// What copies of an acknowledgement share: who is to be answered, once. Any thread.
class AERIE_API AckState {
 public:
  virtual ~AckState() = default;
  /// Answers; only the first call does anything.
  virtual void answer(ArgsRef args) = 0;
};

/// Whose sockets they are that acknowledgements belong to: a server's. Programs without one do not link it.
class AckOwner {
 public:
  /// The state that copies of an acknowledgement share.
  virtual std::shared_ptr<AckState> keep(Socket& socket, std::uint64_t id, bool answered) const = 0;
  virtual void answer(Socket& socket, std::uint64_t id, ArgsRef args) const = 0;

 protected:
  ~AckOwner() = default;
};

/// The owner of a server's socket.
AERIE_API AckOwner const& owner_of(Socket& socket) noexcept;

/// What a client asked for: an acknowledgement of that id, if any.
struct AskedAck {
  Socket& socket;
  std::optional<std::uint64_t> id;
};

/// Whom to answer, without types. A copyable handle, empty if the client did not ask.
///
/// The one that is made of what was asked for belongs to the handler's call, and costs nothing; only when it
/// is copied or moved it gets a state, which it shares with its copies, on whatever thread they are.
class AERIE_API AckHandle {
 public:
  AckHandle() = default;
  /// One that has a state already, and may be kept.
  AckHandle(Socket& socket, std::uint64_t id);
  /// One whose state is somebody else's, a client's for instance.
  explicit AckHandle(std::shared_ptr<AckState> state) noexcept : state_(std::move(state)) {}
  explicit AckHandle(AskedAck asked) noexcept
      : socket_(asked.id ? &asked.socket : nullptr),
        owner_(asked.id ? &owner_of(asked.socket) : nullptr),
        id_(asked.id.value_or(0)) {}
  AckHandle(AckHandle const& other) : state_(other.share()) {}
  AckHandle(AckHandle&& other) : state_(other.share()) {}
  AckHandle& operator=(AckHandle const& other) {
    state_ = other.share();
    socket_ = nullptr;
    return *this;
  }
  ~AckHandle() = default;

  /// True if the client waits for an answer.
  explicit operator bool() const noexcept { return state_ != nullptr || socket_ != nullptr; }
  void answer(ArgsRef args) const;
  /// The state that copies share.
  std::shared_ptr<AckState> const& share() const;

 private:
  std::shared_ptr<AckState> mutable state_;
  Socket mutable* socket_ = nullptr;  // until there is a state
  AckOwner const* owner_ = nullptr;   // of the socket
  std::uint64_t id_ = 0;
  bool mutable answered_ = false;
};

}  // namespace socketio

/// A parameter of handlers that answer by hand, now or later: `void(Socket&, Ack<std::string> ack)`. The
/// first answer counts, further ones do nothing; nor does one after the client has left, or one that it did
/// not ask for. Copyable; its copies may be used on any thread. `Ack<>` takes arguments of any type.
template <class... Ts>
class Ack {
 public:
  /// For the framework, or to call a handler in a test.
  explicit Ack(socketio::AskedAck asked) noexcept : handle_(asked) {}
  explicit Ack(socketio::AckHandle handle) : handle_(std::move(handle)) {}
  /// True if the client waits for an answer.
  explicit operator bool() const noexcept { return static_cast<bool>(handle_); }
  /// For the framework: makes it independent of the call that it was made for.
  void own() { handle_.share(); }
  void operator()(Ts const&... values) const { handle_.answer(socketio::EncodableList(values...)); }

 private:
  socketio::AckHandle handle_;
};

template <>
class Ack<> {
 public:
  explicit Ack(socketio::AskedAck asked) noexcept : handle_(asked) {}
  explicit Ack(socketio::AckHandle handle) : handle_(std::move(handle)) {}
  explicit operator bool() const noexcept { return static_cast<bool>(handle_); }
  void own() { handle_.share(); }
  template <class... Us>
  void operator()(Us const&... values) const {
    handle_.answer(socketio::EncodableList(values...));
  }
  /// Answers with as many arguments as there are values.
  void spread(std::span<Value const> values) const { handle_.answer(socketio::SpreadList(values)); }

 private:
  socketio::AckHandle handle_;
};

/// Why there is no answer.
enum class AckError : std::uint8_t {
  none,
  timeout,
  disconnected,
  unreachable,  ///< Part of the cluster could not be asked, or has gone before it answered.
};

/// "operation has timed out", "socket has been disconnected", "a server has not answered"
AERIE_API std::string_view to_string(AckError error) noexcept;

/// Thrown by `AckReply::get` where there is no answer.
class AERIE_API AckFailed : public std::runtime_error {
 public:
  /// `error` must not be `none`.
  explicit AckFailed(AckError error) : std::runtime_error(std::string(to_string(error))), error_(error) {}
  /// Why there is none.
  AckError error() const noexcept { return error_; }

 private:
  AckError error_;
};

/// What a client answered to an event, or why it did not. One that a callback is given is valid during the
/// call, unless it is made to `own` its arguments; one that a task has waited for owns them.
class AERIE_API AckReply {
 public:
  /// For the framework: what came, or why nothing did.
  explicit AckReply(AckError error) : error_(error) {}
  explicit AckReply(Args args) : args_(std::move(args)) {}

  /// Whether the client has answered.
  bool ok() const noexcept { return error_ == AckError::none; }
  explicit operator bool() const noexcept { return ok(); }
  /// Why it has not; `none` if it has.
  AckError error() const noexcept { return error_; }
  /// What it has answered; empty if it has not.
  Args const& args() const noexcept { return args_; }
  /// Makes it independent of the packet that it came in.
  void own() { args_.own(); }
  /// The answer's argument as T. Throws AckFailed if there is no answer, BadArguments if it is something
  /// else.
  template <class T>
  T get(std::size_t index = 0) const {
    if (!ok()) throw AckFailed(error_);
    return args_.get<T>(index);
  }

 private:
  Args args_;
  AckError error_ = AckError::none;
};

/// What the clients of a broadcast answered: the first argument of each, in the order of arrival. Of a
/// server-side emit: what the other servers answered. With an error, those that came until then.
struct BroadcastReply {
  /// Whether all have answered, or why not.
  AckError error = AckError::none;
  /// The answers that have come.
  std::vector<Value> responses{};
  /// Servers, of whose clients nothing may be known.
  MissingServers missing{};

  /// Whether all have answered.
  bool ok() const noexcept { return error == AckError::none; }
};

}}  // namespace aerie::v1
