#pragma once

/// \file
/// What the adapters on Redis have in common: the connection and how it is, requests and how many are to
/// answer them, namespaces.

#include "cluster/id_watch.hpp"
#include "cluster/request_table.hpp"

#include <aerie/core/timing_wheel.hpp>
#include <aerie/emitter/signing.hpp>
#include <aerie/redis/client.hpp>
#include <aerie/socketio/adapter.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace aerie { inline namespace v1 { namespace cluster {

/// An adapter without its format. Belongs to the home shard.
class RedisCluster : public Adapter {
 public:
  void open() final;
  void close(UniqueFunction<void()> done) final;
  void publish(std::shared_ptr<socketio::ClusterMessage const> const& message) final;
  void request(std::shared_ptr<socketio::ClusterMessage const> const& message) final;
  void request_ended(socketio::RequestId request) final { requests_.close(request); }
  std::size_t open_requests() const noexcept final { return requests_.size(); }
  void count_servers(UniqueFunction<void(std::size_t)> done) final;
  void namespace_created(std::string_view nsp) final;
  void namespace_closed(std::string_view nsp) final;

 protected:
  /// The subscriptions of one namespace.
  struct Space {
    std::string nsp;
    std::vector<redis::Subscription> subscriptions{};
    /// Of rooms, by their names.
    std::unordered_map<std::string, redis::Subscription> rooms{};
  };

  /// How servers tell each other, and which commands that means.
  enum class PubSub : std::uint8_t {
    plain,    ///< PUBLISH, NUMSUB: servers are subscribed at any node of a Redis Cluster.
    sharded,  ///< SPUBLISH, SHARDNUMSUB: all at the one that has the channel.
  };
  struct Settings {
    PubSub pub_sub;
    /// Of this server, on the wire.
    std::string id;
    std::string url;
    redis::ClientOptions client;
    emitter::SigningOptions signing;
    core::Milliseconds requests_timeout;
  };
  /// Throws std::invalid_argument for impossible settings.
  RedisCluster(ClusterMember& here, Settings settings);

  /// Subscribes to what a server hears of a namespace. The space stays where it is until its subscriptions
  /// are gone.
  virtual void subscribe(Space& space) = 0;
  /// Sends a message; as a request if `id` is not empty.
  virtual void send(std::string_view id, socketio::ClusterMessage const& message) = 0;
  /// The channel of this server alone, in a namespace.
  virtual std::string own_channel(std::string_view nsp) const = 0;
  /// What a request is called on the wire.
  virtual std::string name_of(socketio::RequestId request) = 0;
  /// The channel that all servers of a namespace are subscribed to: by it they are counted.
  virtual std::string counted_channel(std::string_view nsp) const = 0;
  /// What it has beside the connection begins, and has ended.
  virtual void opened() {}
  virtual void closed() {}

  Space* find(std::string_view nsp);
  /// `visit(Space&)` for each namespace.
  template <class Visit>
  void for_each_space(Visit visit) {
    for (auto& [name, space] : spaces_)
      visit(*space);
  }
  bool is_sharded() const noexcept { return pub_sub_ == PubSub::sharded; }
  ClusterMember& here() noexcept { return here_; }
  redis::Client& redis() noexcept { return redis_; }
  /// This server, on the wire.
  std::string const& own_id() const noexcept { return id_; }
  /// Publishes to other servers: signed, if there are keys, and counted.
  void send_to(std::string_view channel, std::string payload);
  /// What was published, if it may be believed; otherwise it is counted.
  std::optional<std::string_view> accepted(redis::Message const& got);
  /// What has come to `own_channel`: true if it was about this server's id, and nothing else.
  bool is_greeting(std::string_view payload);
  /// For messages of others that ask for answers: what an answer belongs to is known by other means.
  socketio::RequestId next_incoming() noexcept { return ++incoming_; }
  /// The request of this server that is called so on the wire; nothing if none is open.
  std::optional<socketio::RequestId> find_request(std::string_view id) const { return requests_.find(id); }
  /// An answer to it has come.
  void answered(socketio::RequestId request, socketio::ClusterResponse response);

 private:
  core::WallTime wall() const;
  void put(std::string_view channel, std::string payload, redis::Client::OnAnswer done);
  void changed(redis::StateChange const& change);
  void tell_state();
  void greet(IdWatch::Kind kind);
  void watch_id();
  void count(std::string_view nsp, UniqueFunction<void(std::optional<std::size_t>)> done);
  void count_again();
  void give_up(std::vector<RequestTable::Gone> const& gone);

  ClusterMember& here_;
  PubSub pub_sub_;
  std::string id_;
  core::Milliseconds requests_timeout_;
  emitter::Signer signer_;
  RequestTable requests_;
  std::unordered_map<std::string, std::unique_ptr<Space>> spaces_;
  socketio::RequestId incoming_ = 0;
  core::Timer recount_;
  IdWatch id_watch_;
  core::Timer watch_;
  // Last: its end calls nobody any more, and subscriptions may outlive it.
  redis::Client redis_;
};

}}}  // namespace aerie::v1::cluster
