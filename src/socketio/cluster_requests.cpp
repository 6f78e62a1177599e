#include "socketio/cluster_requests.hpp"

#include <algorithm>
#include <iterator>

namespace aerie { inline namespace v1 { namespace socketio {

void ClusterRequest::answered(std::uint32_t shard, ClusterResponse response) {
  if (response.type != ClusterResponse::Type::ack) {
    if (shard >= shard_answered_.size() || shard_answered_[shard]) return;
    shard_answered_[shard] = true;
    ++shards_answered_;
  }
  add(response);
}

void ClusterRequest::answered(ClusterResponse response) {
  if (!cluster_) return;
  if (response.type != ClusterResponse::Type::ack) {
    // Nobody answers twice.
    if (!response.server.empty() && !answered_by_.insert(response.server).second) return;
    awaited_.erase(response.server);
    ++others_answered_;
  }
  add(response);
}

void ClusterRequest::expect(std::size_t others) {
  if (!cluster_ || by_id_) return;
  others = std::max(others, others_answered_);
  if (is_known_ && others < expected_) missing_.count += expected_ - others;
  expected_ = others;
  is_known_ = true;
}

void ClusterRequest::expect(std::vector<std::string> others) {
  if (!cluster_) return;
  std::set<std::string, std::less<>> const now(std::make_move_iterator(others.begin()),
                                               std::make_move_iterator(others.end()));
  auto const before = std::exchange(awaited_, {});
  for (auto const& server : before) {
    if (!now.contains(server)) miss(server);
  }
  std::ranges::set_difference(now, answered_by_, std::inserter(awaited_, awaited_.end()));
  by_id_ = true;
  is_known_ = true;
}

void ClusterRequest::gone(std::string_view server) {
  if (!cluster_) return;
  if (auto const found = awaited_.find(server); found != awaited_.end()) {
    awaited_.erase(found);
    miss(std::string(server));
  } else if (answered_by_.contains(server)) {
    if (lost(server)) miss(std::string(server));
  } else if (is_known_ && !by_id_ && others_answered_ < expected_) {
    --expected_;
    server.empty() ? static_cast<void>(++missing_.count) : miss(std::string(server));
  }
}

void ClusterRequest::miss(std::string server) {
  if (std::ranges::find(missing_.ids, server) != missing_.ids.end()) return;
  ++missing_.count;
  missing_.ids.push_back(std::move(server));
}

bool ClusterRequest::everybody_answered() const noexcept {
  if (shards_answered_ < shard_answered_.size()) return false;
  if (!cluster_ || unreachable_) return true;
  return is_known_ && (by_id_ ? awaited_.empty() : others_answered_ >= expected_);
}

bool ClusterRequest::complete() const {
  return satisfied() || (everybody_answered() && !owed());
}

void ClusterRequest::end(bool in_time, std::string_view own_id) {
  if (shards_answered_ < shard_answered_.size()) miss(std::string(own_id));
  if (cluster_) {
    if (unreachable_ || !is_known_) {
      missing_.cluster_unreachable = true;
    } else if (by_id_) {
      for (auto const& server : awaited_)
        miss(server);
    } else {
      missing_.count += expected_ - std::min(expected_, others_answered_);
    }
  }
  done(in_time, std::move(missing_));
}

// --- What is collected

void FetchRequest::add(ClusterResponse& response) {
  if (sockets_.empty()) {
    sockets_ = std::move(response.sockets);
    return;
  }
  std::ranges::move(response.sockets, std::back_inserter(sockets_));
}

void AckRequest::add(ClusterResponse& response) {
  if (response.type == ClusterResponse::Type::client_count) {
    expected_ += response.client_count;
    if (!response.server.empty()) owed_by_[response.server] = response.client_count;
    return;
  }
  if (response.error == AckError::none) {
    reply_.responses.push_back(std::move(response.answer));
  } else {
    ++failed_;
    // One that has left will never answer; that another was too slow says more.
    if (reply_.error != AckError::timeout) reply_.error = response.error;
  }
  auto const of = owed_by_.find(response.server);
  if (of != owed_by_.end() && of->second > 0) --of->second;
}

bool AckRequest::lost(std::string_view server) {
  auto const of = owed_by_.find(server);
  if (of == owed_by_.end() || of->second == 0) return false;
  expected_ -= std::min(expected_, std::exchange(of->second, 0));
  return true;
}

void AckRequest::done(bool in_time, MissingServers missing) {
  if (satisfied()) {
    reply_.error = AckError::none;
  } else {
    if (!in_time) reply_.error = AckError::timeout;
    if (reply_.ok() && !missing.none()) reply_.error = AckError::unreachable;
    reply_.missing = std::move(missing);
  }
  done_(std::move(reply_));
}

void ServerSideRequest::done(bool in_time, MissingServers missing) {
  if (!in_time) {
    reply_.error = AckError::timeout;
  } else if (!missing.none()) {
    reply_.error = AckError::unreachable;
  }
  reply_.missing = std::move(missing);
  done_(std::move(reply_));
}

}}}  // namespace aerie::v1::socketio
