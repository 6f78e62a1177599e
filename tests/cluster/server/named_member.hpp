#pragma once

/// \file
/// A server with an id that is given, as a copy of a running machine has that of its original.

#include <aerie/socketio/adapter.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cluster_target {

/// What an adapter takes for its server: the same but for its id.
class NamedMember final : public aerie::ClusterMember {
 public:
  using RequestId = aerie::socketio::RequestId;

  NamedMember(aerie::ClusterMember& member, std::string id) : member_(member), id_(std::move(id)) {}

  bool deliver(aerie::socketio::ClusterMessage message) override {
    return member_.deliver(std::move(message));
  }
  bool deliver_logged(aerie::socketio::ClusterMessage message, aerie::socketio::LogPosition at,
                      bool is_own) override {
    return member_.deliver_logged(std::move(message), at, is_own);
  }
  void log_read(std::string_view nsp, aerie::socketio::LogPosition at) override { member_.log_read(nsp, at); }
  void log_begins(std::string_view nsp, aerie::socketio::LogPosition at) override {
    member_.log_begins(nsp, at);
  }
  void log_lost(std::string_view nsp, aerie::socketio::LogPosition at) override { member_.log_lost(nsp, at); }
  void session_taken(std::string_view pid) override { member_.session_taken(pid); }
  bool answer(aerie::socketio::ClusterMessage message, Respond respond) override {
    return member_.answer(std::move(message), std::move(respond));
  }
  void expect(RequestId request, std::size_t others) override { member_.expect(request, others); }
  void expect(RequestId request, std::vector<std::string> others) override {
    member_.expect(request, std::move(others));
  }
  void gone(RequestId request, std::string_view server) override { member_.gone(request, server); }
  void unreachable(RequestId request) override { member_.unreachable(request); }
  void answered(aerie::socketio::ClusterResponse response) override { member_.answered(std::move(response)); }
  void report(aerie::ClusterState state, std::string_view reason) override { member_.report(state, reason); }
  void count_sent(std::uint64_t messages) noexcept override { member_.count_sent(messages); }
  void count_received(std::uint64_t messages) noexcept override { member_.count_received(messages); }
  void count_lost(std::uint64_t messages) noexcept override { member_.count_lost(messages); }
  void count_malformed(std::uint64_t messages) noexcept override { member_.count_malformed(messages); }
  void count_refused(std::uint64_t messages) noexcept override { member_.count_refused(messages); }
  void count_id_conflict() noexcept override { member_.count_id_conflict(); }
  std::string const& server_id() const noexcept override { return id_; }
  aerie::core::Shard& home() const noexcept override { return member_.home(); }
  aerie::Logger const& log() const noexcept override { return member_.log(); }

 private:
  aerie::ClusterMember& member_;
  std::string id_;
};

/// Adapters of `make` for servers that all have this id.
inline aerie::AdapterFactory with_id(aerie::AdapterFactory make, std::string id) {
  auto members = std::make_shared<std::vector<std::unique_ptr<NamedMember>>>();
  return [make = std::move(make), id = std::move(id), members](aerie::ClusterMember& here) {
    return make(*members->emplace_back(std::make_unique<NamedMember>(here, id)));
  };
}

}  // namespace cluster_target
