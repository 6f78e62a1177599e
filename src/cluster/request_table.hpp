#pragma once

/// \file
/// The requests of this server that other servers have not all answered yet: who is waited for, and when to
/// stop.

#include <aerie/core/clock.hpp>
#include <aerie/socketio/cluster_message.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace aerie { inline namespace v1 { namespace cluster {

/// Touches neither a connection nor a clock: counts, answers and times go in, and out comes how many servers
/// will not answer any more. Belongs to one thread.
///
/// Redis tells how many servers there are, not which. So of servers that go between question and answer it is
/// certain that they are missing only if more have gone than have answered. Otherwise those that went may be
/// those that had answered; then the rest is given up when there are as many answers as servers, and between
/// two counts none came.
class RequestTable {
 public:
  /// `id`: what it is called on the wire. `deadline`: when the rest is given up in any case.
  void open(std::string id, socketio::ClusterMessage const& message, core::TimePoint deadline);
  /// This server has no more interest in it.
  void close(socketio::RequestId request);
  void clear();

  bool empty() const noexcept { return open_.empty(); }
  std::size_t size() const noexcept { return open_.size(); }
  /// The request of this name; nothing if it is not open (any more).
  std::optional<socketio::RequestId> find(std::string_view id) const;
  /// So many others have been asked. Returns it, or how many have answered already if these are more.
  std::size_t asked(socketio::RequestId request, std::size_t others);
  /// One of them has answered: for a broadcast with its count of clients.
  void answered(socketio::RequestId request);

  /// Servers that will not answer a request any more.
  struct Gone {
    socketio::RequestId request = 0;
    std::size_t servers = 0;
  };
  /// There are so many others in a namespace now.
  std::vector<Gone> counted(std::string_view nsp, std::size_t others);
  /// Those whose time is over. They stay open: clients may still acknowledge.
  std::vector<Gone> expired(core::TimePoint now);
  /// The namespaces in which somebody is waited for, each once.
  std::vector<std::string> waiting() const;

 private:
  struct Open {
    std::string id;
    std::string nsp;
    core::TimePoint deadline;
    std::optional<std::size_t> others;
    std::size_t answers = 0;
    std::size_t gone = 0;
    // An answer has come since the last count.
    bool is_lively = true;

    std::size_t missing() const noexcept;
    std::size_t give_up(std::size_t servers) noexcept;
  };

  // Few at any time, and ids come from this server: a forged one finds nothing.
  std::unordered_map<socketio::RequestId, Open> open_;
  std::unordered_map<std::string, socketio::RequestId> names_;
};

}}}  // namespace aerie::v1::cluster
