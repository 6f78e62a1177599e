#include "socketio/shard_node.hpp"

#include "socketio/frames.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/server_state.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/socketio/namespace.hpp>

#include <map>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

struct ShardNode::OpenRequest {
  OpenRequest(ShardNode& owner, std::uint64_t id, std::unique_ptr<ClusterRequest> what)
      : node(owner), number(id), request(std::move(what)) {}
  void expired() { node.close_request(number, true); }

  ShardNode& node;
  std::uint64_t number;
  std::unique_ptr<ClusterRequest> request;
  core::Timer timer = core::Timer::calling<&OpenRequest::expired>(this);
};

ShardNode::ShardNode(ServerState& server, core::Shard& shard)
    : server_(server),
      shard_(shard),
      ids_(static_cast<std::uint8_t>(shard.index())),
      held_(shard.account(), 0),
      tasks_(std::make_unique<core::TaskContext>(shard)),
      cancelled_tasks_(shard),
      closing_tasks_(shard),
      anchor_(shard) {
  cancelled_tasks_.cancel();
}

ShardNode::~ShardNode() {
  abandon_tasks();
}

// --- Handlers under way

void ShardNode::end(std::unique_ptr<core::TaskContext> tasks) {
  if (!tasks || tasks->idle()) return;
  std::erase_if(ending_, [](auto const& earlier) { return earlier->idle(); });
  ending_.push_back(std::move(tasks));
  ending_.back()->cancel();
}

void ShardNode::begun(UnderWay& handler) noexcept {
  under_way_.push_back(handler);
  under_way_count_.store(under_way_count_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

void ShardNode::ended(UnderWay& handler) noexcept {
  handler.unlink();
  under_way_count_.store(under_way_count_.load(std::memory_order_relaxed) - 1, std::memory_order_release);
}

void ShardNode::give_up_handlers() {
  if (under_way_.empty()) return;
  std::map<std::string, std::size_t> counts;
  core::LinkedList<UnderWay> seen;
  while (!under_way_.empty()) {
    auto& handler = under_way_.front();
    ++counts[handler.name()];
    seen.push_back(handler);
  }
  under_way_.take(seen);
  std::string names;
  for (auto const& [name, count] : counts) {
    names += core::concat(names.empty() ? "\"" : ", \"", name, "\"");
    if (count > 1) names += core::concat(" (", std::to_string(count), " times)");
  }
  shard_.runtime().log().warning(
      "socket.io",
      core::concat("handlers that were still running when ServerOptions::close_timeout had passed "
                   "are cancelled: ",
                   names));
  end(std::exchange(tasks_, std::make_unique<core::TaskContext>(shard_)));
}

void ShardNode::abandon_tasks() noexcept {
  // What their destructors start may not wait.
  tasks_->abandon();
  ending_.clear();
  closing_tasks_.abandon();
}

std::string_view ShardNode::frames_of(EncodedPacket const& packet) {
  encode_frames(frames_, packet);
  // One huge broadcast must not be remembered for ever.
  if (frames_.capacity() > 1U << 20U && frames_.size() < frames_.capacity() / 4) frames_.shrink_to_fit();
  return frames_;
}

LocalAdapter* ShardNode::adapter_of(std::string_view nsp) const {
  auto const found = server_.namespaces().find(nsp);
  return found ? &found->adapter(shard_) : nullptr;
}

void ShardNode::originate(std::shared_ptr<LocalMessage const> const& message) {
  // Others first: they work in parallel while this shard delivers.
  if (!message->options.local || server_.bus_is_local()) server_.bus().publish(peer(), message);
  if (auto* const adapter = adapter_of(message->nsp)) {
    adapter->apply(*message, [this](ClusterResponse response) { received(std::move(response)); });
  } else if (message->request != 0) {
    received({.type = message->type == LocalMessage::Type::fetch ? ClusterResponse::Type::sockets
                                                                 : ClusterResponse::Type::client_count,
              .request = message->request});
  }
}

std::uint64_t ShardNode::open_request(std::unique_ptr<ClusterRequest> request, core::Milliseconds timeout) {
  auto const number = ++last_request_;
  auto& open = requests_[number];
  open = std::make_unique<OpenRequest>(*this, number, std::move(request));
  shard_.start(open->timer, timeout);
  return number;
}

void ShardNode::received(PeerId from, LocalMessage const& message) {
  auto const respond = [this, from](ClusterResponse response) {
    server_.bus().respond(peer(), from, std::move(response));
  };
  if (auto* const adapter = adapter_of(message.nsp)) {
    adapter->apply(message, respond);
  } else if (message.request != 0) {
    respond({.type = message.type == LocalMessage::Type::fetch ? ClusterResponse::Type::sockets
                                                               : ClusterResponse::Type::client_count,
             .request = message.request});
  }
}

void ShardNode::received(ClusterResponse response) {
  auto const number = response.request;
  auto const found = requests_.find(number);
  if (found != requests_.end() && found->second->request->add(std::move(response)))
    close_request(number, false);
}

void ShardNode::close_request(std::uint64_t number, bool expired) {
  auto const found = requests_.find(number);
  if (found == requests_.end()) return;
  auto open = std::move(found->second);
  requests_.erase(found);
  open->timer.cancel();
  if (expired) open->request->expire();
  shard_.retire(std::move(open));
}

}}}  // namespace aerie::v1::socketio
