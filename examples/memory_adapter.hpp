#pragma once

/// \file
/// A whole adapter: a cluster of servers in one process, which talk over a broker in memory. It is what an
/// adapter for a real broker looks like without the broker's protocol; docs/adapters.md goes through it.

#include <aerie/core/anchor.hpp>
#include <aerie/socketio/adapter.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

class MemoryAdapter;

/// What the servers have in common; outlives them. Any thread.
class MemoryBroker {
 public:
  using Work = std::function<void(MemoryAdapter&)>;

  void join(std::string const& server, aerie::core::AnchorRef where, MemoryAdapter& adapter) {
    std::scoped_lock const lock(mutex_);
    members_[server] = {std::move(where), &adapter};
  }
  void leave(std::string const& server) {
    std::scoped_lock const lock(mutex_);
    members_.erase(server);
  }
  std::vector<std::string> others(std::string const& server) const {
    std::scoped_lock const lock(mutex_);
    std::vector<std::string> ids;
    for (auto const& [id, member] : members_) {
      if (id != server) ids.push_back(id);
    }
    return ids;
  }
  /// Lets an adapter do something on its own shard, in the order of these calls; nothing happens if it has
  /// gone.
  void tell(std::string const& server, Work work) const {
    std::scoped_lock const lock(mutex_);
    auto const found = members_.find(server);
    if (found == members_.end()) return;
    auto const& member = found->second;
    member.where.post([adapter = member.adapter, work = std::move(work)] { work(*adapter); });
  }
  void tell_others(std::string const& server, Work const& work) const {
    for (auto const& other : others(server))
      tell(other, work);
  }

 private:
  struct Member {
    aerie::core::AnchorRef where;
    MemoryAdapter* adapter = nullptr;  // there as long as `where` holds
  };
  std::mutex mutable mutex_;
  std::map<std::string, Member> members_;
};

class MemoryAdapter final : public aerie::Adapter {
  using Message = std::shared_ptr<aerie::socketio::ClusterMessage const>;

 public:
  MemoryAdapter(MemoryBroker& broker, aerie::ClusterMember& here)
      : broker_(broker), here_(here), anchor_(here.home()) {}
  ~MemoryAdapter() override { broker_.leave(id()); }

  void open() override {
    broker_.join(id(), anchor_.ref(), *this);
    here_.report(aerie::ClusterState::ready);
  }

  void close(aerie::UniqueFunction<void()> done) override {
    broker_.leave(id());
    // Whoever waits for an answer of this server need not wait any longer.
    broker_.tell_others(id(), [left = id()](MemoryAdapter& other) { other.member_left(left); });
    done();
  }

  void publish(Message const& message) override {
    here_.count_sent();
    broker_.tell_others(id(), [message](MemoryAdapter& other) {
      other.here_.count_received();
      other.here_.deliver(*message);
    });
  }

  void request(Message const& message) override {
    here_.count_sent();
    requests_.insert(message->request);
    here_.expect(message->request, broker_.others(id()));
    broker_.tell_others(id(),
                        [message, asker = id()](MemoryAdapter& other) { other.asked(asker, *message); });
  }

  void request_ended(aerie::socketio::RequestId request) override { requests_.erase(request); }

  void count_servers(aerie::UniqueFunction<void(std::size_t)> done) override {
    done(broker_.others(id()).size() + 1);
  }

 private:
  std::string const& id() const { return here_.server_id(); }

  void asked(std::string const& asker, aerie::socketio::ClusterMessage const& message) {
    here_.count_received();
    here_.answer(message, [this, asker](aerie::socketio::ClusterResponse response) {
      here_.count_sent();
      broker_.tell(asker, [response = std::move(response)](MemoryAdapter& other) {
        other.here_.count_received();
        other.here_.answered(response);
      });
    });
  }

  void member_left(std::string const& server) {
    // What is told of a request may end it, and with it its place in the set.
    for (auto const request : std::set(requests_))
      here_.gone(request, server);
  }

  MemoryBroker& broker_;
  aerie::ClusterMember& here_;
  std::set<aerie::socketio::RequestId> requests_;  // of this server, that are open
  aerie::core::Anchor anchor_;
};

/// `options.adapter = memory_adapter(broker);`
inline aerie::AdapterFactory memory_adapter(MemoryBroker& broker) {
  return [&broker](aerie::ClusterMember& here) { return std::make_unique<MemoryAdapter>(broker, here); };
}
