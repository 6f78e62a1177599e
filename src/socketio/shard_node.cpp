#include "socketio/shard_node.hpp"

#include "socketio/conditions.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/local_member.hpp"
#include "socketio/logged_recovery.hpp"
#include "socketio/recovery_shard.hpp"
#include "socketio/server_state.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/engineio/session.hpp>
#include <aerie/socketio/namespace.hpp>

#include <map>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

struct ShardNode::OpenRequest {
  OpenRequest(ShardNode& owner, RequestId id, std::unique_ptr<ClusterRequest> what)
      : node(owner), number(id), request(std::move(what)) {}
  void expired() { node.close_request(number, false); }

  ShardNode& node;
  RequestId number;
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
      parsers_(server.parsers()),
      traces_(shard.runtime().tracer() != nullptr),
      watch_(traces_ ? EventWatch::otherwise : EventWatch::none),
      anchor_(shard) {
  cancelled_tasks_.cancel();
  measure();
}

void ShardNode::measure() {
  if (metrics_ || shard_.metrics() == nullptr) return;
  metrics_ = std::make_unique<EventMetrics>(*shard_.metrics(), server_.event_names());
  watch_ = !traces_ && metrics_->has_counter() ? EventWatch::by_counter : EventWatch::otherwise;
}

ShardNode& node_of(Socket& socket) noexcept {
  return socket.nsp().adapter(socket.shard()).node();
}

std::string_view to_string(EntryRefusal refusal) noexcept {
  static constexpr std::array<std::string_view, entry_refusal_count> names{"no_namespace", "middleware",
                                                                           "timeout", "limit", "error"};
  return names[static_cast<std::size_t>(refusal)];
}

void ShardNode::recover(std::shared_ptr<RecoveryShared> recovery) {
  if (!recovery) return;
  if (recovery->is_logged()) {
    recovery_ = std::make_unique<LoggedRecovery>(*this, std::move(recovery));
  } else {
    recovery_ = std::make_unique<RecoveryShard>(*this, std::move(recovery));
  }
}

ShardNode::~ShardNode() {
  abandon_tasks();
}

// --- Handlers under way

void ShardNode::end(std::unique_ptr<core::TaskContext> tasks) {
  if (!tasks) return;
  tasks->cancel();
  // Tasks are known to it once they have waited: one that has not may be what runs here.
  if (tasks->idle()) return shard_.retire(std::move(tasks));
  std::erase_if(ending_, [](auto const& earlier) { return earlier->idle(); });
  ending_.push_back(std::move(tasks));
}

void ShardNode::begun(UnderWay& handler) noexcept {
  under_way_.push_back(handler);
  under_way_count_.store(under_way_count_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

void ShardNode::ended(UnderWay& handler) noexcept {
  handler.unlink();
  under_way_count_.store(under_way_count_.load(std::memory_order_relaxed) - 1, std::memory_order_release);
}

std::uint32_t ShardNode::handlers_of(Socket const& socket) const noexcept {
  std::uint32_t count = 0;
  under_way_.for_each([&](UnderWay const& handler) { count += &handler.socket() == &socket ? 1U : 0U; });
  return count;
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

engineio::SharedMessages const& ShardNode::prepare(ParserIndex parser, EncodedPacket const& packet) {
  auto& shared = shared_[parser];
  shared.clear();
  packet.each([&](Frame const& frame) {
    if (frame.kind == FrameKind::text) {
      shared.add_text(frame.data);
    } else {
      shared.add_binary(frame.data);
    }
  });
  return shared;
}

// --- Messages

namespace {

/// The shard that has opened a request is the lowest byte of its number.
constexpr unsigned shard_bits = 8;
constexpr RequestId shard_mask = (RequestId{1} << shard_bits) - 1;

}  // namespace

void ShardNode::originate(Message const& message) {
  // Others first: they work in parallel while this shard delivers.
  auto const& link = server_.link();
  auto const bytes = message->own_size();
  for (std::size_t i = 0; i < link.node_count(); ++i) {
    if (i == index()) continue;
    link.post(i, bytes, [from = index(), message](ShardNode& node) { node.received(from, message); });
  }
  received(index(), message);
}

void ShardNode::receive_from_outside(Message const& message) {
  received(index(), message);
}

void ShardNode::received(std::uint16_t from, Message const& message) {
  if (message->by_log) {
    // All is done when it comes back.
    if (is_first()) server_.member().append(message);
    if (!holds(Condition::write_ahead)) apply(*message, nullptr);
    return;
  }
  if (is_first() && !message->options.local) server_.member().publish(message);
  if (message->request == 0) return apply(*message, nullptr);
  auto const request = message->request;
  apply(*message, [this, from, request](ClusterResponse response) {
    response.request = request;
    if (from == index()) {
      return change_request(
          request, [this, &response](ClusterRequest& open) { open.answered(index(), std::move(response)); });
    }
    server_.link().post(from, 0,
                        [shard = index(), response = std::make_unique<ClusterResponse>(std::move(response))](
                            ShardNode& asker) {
                          asker.change_request(response->request, [&](ClusterRequest& open) {
                            open.answered(shard, std::move(*response));
                          });
                        });
  });
}

void ShardNode::do_everywhere(Message const& message, Respond const& respond) {
  auto const& link = server_.link();
  for (std::size_t i = 0; i < link.node_count(); ++i) {
    if (i == index()) continue;
    link.post(i, 0, [message, respond](ShardNode& node) { node.apply(*message, respond); });
  }
  apply(*message, respond);
}

void ShardNode::apply(LocalMessage const& message, Respond const& respond) {
  message.space->adapter(shard_).apply(message, respond);
}

void ShardNode::tell_servers(std::shared_ptr<ClusterMessage const> const& message) {
  if (is_first()) return server_.member().publish(message);
  server_.link().post(0, 0, [message](ShardNode& first) { first.server_.member().publish(message); });
}

// --- Rooms

void ShardNode::tell_adapter_of_room(Namespace const& nsp, std::string const& room, bool begun) {
  server_.link().run_on_first([name = nsp.name(), room, begun](ShardNode& first) {
    first.server_.member().room_changed(name, room, begun);
  });
}

void ShardNode::tell_users_of_room(Namespace const& nsp, std::string const& room, bool begun) {
  if (server_.link().node_count() == 1) return nsp.tell_room(begun, room);
  server_.link().run_on_first([nsp = nsp.shared_from_this(), room, begun](ShardNode& first) {
    if (first.rooms_.changed(nsp->name(), room, begun)) nsp->tell_room(begun, room);
  });
}

// --- Requests

RequestId ShardNode::open_request(std::unique_ptr<ClusterRequest> request, core::Milliseconds timeout) {
  if (last_request_ == 0) ids_.random(reinterpret_cast<char*>(&last_request_), sizeof last_request_);
  RequestId number = 0;
  while (number == 0 || requests_.contains(number))
    number = (++last_request_ << shard_bits) | index();
  auto& open = requests_[number];
  open = std::make_unique<OpenRequest>(*this, number, std::move(request));
  shard_.start(open->timer, timeout);
  return number;
}

void ShardNode::with_request(RequestId request, std::function<void(ClusterRequest&)> change) {
  auto const shard = request & shard_mask;
  if (shard == index()) return change_request(request, change);
  if (shard >= server_.link().node_count()) return;
  server_.link().post(shard, 0, [request, change = std::move(change)](ShardNode& asker) {
    asker.change_request(request, change);
  });
}

void ShardNode::change_request(RequestId request, std::function<void(ClusterRequest&)> const& change) {
  auto const found = requests_.find(request);
  if (found == requests_.end()) return;
  auto& open = *found->second->request;
  change(open);
  if (open.complete()) close_request(request, true);
}

void ShardNode::close_request(RequestId request, bool in_time) {
  auto const found = requests_.find(request);
  if (found == requests_.end()) return;
  auto ended = std::move(found->second);
  requests_.erase(found);
  ended->timer.cancel();
  if (ended->request->asks_cluster()) {
    if (is_first()) {
      server_.member().request_ended(request);
    } else {
      server_.link().post(0, 0,
                          [request](ShardNode& first) { first.server_.member().request_ended(request); });
    }
  }
  ended->request->end(in_time, server_.member().server_id());
  shard_.retire(std::move(ended));
}

// --- Sessions of other engines

void ShardNode::adopt(engineio::Session& session, bool is_bound) {
  adopted_.emplace(&session, is_bound);
}

void ShardNode::close_adopted() {
  std::vector<engineio::Session*> closing;
  for (auto const& [session, is_bound] : adopted_) {
    if (!is_bound) closing.push_back(session);
  }
  // Each leaves the table when its client goes, at the end of the turn; handlers may close others.
  for (auto* const session : closing) {
    if (auto* const handler = session->handler()) static_cast<void>(handler->on_shut_down());
    session->close(true);
  }
}

void ShardNode::give_back_adopted() {
  while (!adopted_.empty()) {
    auto* const session = adopted_.begin()->first;
    adopted_.erase(adopted_.begin());
    session->take_handler().reset();
    session->close(true);
  }
}

}}}  // namespace aerie::v1::socketio
