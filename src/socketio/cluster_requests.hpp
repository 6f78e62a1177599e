#pragma once

#include <aerie/core/function.hpp>
#include <aerie/socketio/ack.hpp>
#include <aerie/socketio/cluster_message.hpp>
#include <aerie/socketio/missing_servers.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

/// A request to the shards of this process and to the other servers of the cluster: who is to answer, who
/// has, and what. Belongs to the shard that asks.
class ClusterRequest {
 public:
  /// `shards` of this process are asked, and with `cluster` other servers, of which it is not known yet how
  /// many there are.
  ClusterRequest(std::size_t shards, bool cluster) : shard_answered_(shards), cluster_(cluster) {}
  virtual ~ClusterRequest() = default;
  ClusterRequest(ClusterRequest const&) = delete;
  ClusterRequest& operator=(ClusterRequest const&) = delete;

  bool asks_cluster() const noexcept { return cluster_; }

  void answered(std::uint32_t shard, ClusterResponse response);
  void answered(ClusterResponse response);
  void expect(std::size_t others);
  void expect(std::vector<std::string> others);
  void gone(std::string_view server);
  void unreachable() noexcept { unreachable_ = true; }

  /// Nothing more is to come.
  bool complete() const;
  /// Gives whoever asked what has come. `own_id` is that of this server.
  void end(bool in_time, std::string_view own_id);

 protected:
  virtual void add(ClusterResponse& response) = 0;
  /// Whatever else may come is not wanted.
  virtual bool satisfied() const { return false; }
  /// More is to come from those that have answered.
  virtual bool owed() const { return false; }
  /// A server that has answered has gone. True if something of it is missing.
  virtual bool lost(std::string_view /*server*/) { return false; }
  virtual void done(bool in_time, MissingServers missing) = 0;

 private:
  bool everybody_answered() const noexcept;
  void miss(std::string server);

  std::vector<bool> shard_answered_;
  std::size_t shards_answered_ = 0;
  bool cluster_;
  bool unreachable_ = false;
  bool is_known_ = false;  // how many others there are
  bool by_id_ = false;
  std::size_t expected_ = 0;
  std::size_t others_answered_ = 0;
  std::set<std::string, std::less<>> awaited_;
  std::set<std::string, std::less<>> answered_by_;
  MissingServers missing_;
};

/// Collects sockets.
class FetchRequest final : public ClusterRequest {
 public:
  using Done = UniqueFunction<void(std::vector<SocketDetails>, MissingServers)>;
  FetchRequest(std::size_t shards, bool cluster, Done done)
      : ClusterRequest(shards, cluster), done_(std::move(done)) {}

 protected:
  void add(ClusterResponse& response) override;
  void done(bool, MissingServers missing) override { done_(std::move(sockets_), std::move(missing)); }

 private:
  std::vector<SocketDetails> sockets_;
  Done done_;
};

/// Collects the acknowledgements of a broadcast: first everybody tells how many will come.
class AckRequest final : public ClusterRequest {
 public:
  using Done = UniqueFunction<void(BroadcastReply)>;
  /// `single`: the first answer is all that is wanted.
  AckRequest(std::size_t shards, bool cluster, bool single, Done done)
      : ClusterRequest(shards, cluster), single_(single), done_(std::move(done)) {}

 protected:
  void add(ClusterResponse& response) override;
  bool satisfied() const override { return single_ && !reply_.responses.empty(); }
  bool owed() const override { return reply_.responses.size() + failed_ < expected_; }
  bool lost(std::string_view server) override;
  void done(bool in_time, MissingServers missing) override;

 private:
  bool single_;
  std::size_t expected_ = 0;
  std::size_t failed_ = 0;
  std::map<std::string, std::size_t, std::less<>>
      owed_by_;  // other servers, as far as they tell who they are
  BroadcastReply reply_;
  Done done_;
};

/// Collects what other servers answer themselves.
class ServerSideRequest final : public ClusterRequest {
 public:
  using Done = UniqueFunction<void(BroadcastReply)>;
  explicit ServerSideRequest(Done done) : ClusterRequest(0, true), done_(std::move(done)) {}

 protected:
  void add(ClusterResponse& response) override { reply_.responses.push_back(std::move(response.answer)); }
  void done(bool in_time, MissingServers missing) override;

 private:
  BroadcastReply reply_;
  Done done_;
};

}}}  // namespace aerie::v1::socketio
