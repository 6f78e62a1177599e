#pragma once

#include "socketio/shard_node.hpp"

#include <aerie/core/function.hpp>
#include <aerie/socketio/ack.hpp>
#include <aerie/socketio/remote_socket.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

/// Collects the sockets of all peers.
class FetchRequest final : public ClusterRequest {
 public:
  using Done = UniqueFunction<void(std::vector<SocketDetails>)>;
  FetchRequest(std::size_t peers, Done done) : missing_(peers), done_(std::move(done)) {}

  bool add(ClusterResponse response) override {
    for (auto& socket : response.sockets)
      sockets_.push_back(std::move(socket));
    if (--missing_ > 0) return false;
    done_(std::move(sockets_));
    return true;
  }
  void expire() override { done_(std::move(sockets_)); }

 private:
  std::size_t missing_;
  std::vector<SocketDetails> sockets_;
  Done done_;
};

/// Collects the acknowledgements of a broadcast: first every peer tells how many will come from it.
class AckRequest final : public ClusterRequest {
 public:
  using Done = UniqueFunction<void(BroadcastReply)>;
  AckRequest(std::size_t peers, Done done) : uncounted_(peers), done_(std::move(done)) {}

  bool add(ClusterResponse response) override {
    if (response.type == ClusterResponse::Type::client_count) {
      --uncounted_;
      expected_ += response.client_count;
    } else if (response.error == AckError::none) {
      reply_.responses.push_back(std::move(response.answer));
    } else {
      ++failed_;
      // One that has left will never answer; that another was too slow says more.
      if (reply_.error != AckError::timeout) reply_.error = response.error;
    }
    if (uncounted_ > 0 || reply_.responses.size() + failed_ < expected_) return false;
    done_(std::move(reply_));
    return true;
  }
  void expire() override {
    reply_.error = AckError::timeout;
    done_(std::move(reply_));
  }

 private:
  std::size_t uncounted_;
  std::size_t expected_ = 0;
  std::size_t failed_ = 0;
  BroadcastReply reply_;
  Done done_;
};

}}}  // namespace aerie::v1::socketio
