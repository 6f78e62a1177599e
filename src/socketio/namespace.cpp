#include "socketio/local_adapter.hpp"
#include "socketio/namespace_registry.hpp"
#include "socketio/server_link.hpp"
#include "socketio/shard_node.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/server.hpp>

#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 {

Namespace::Namespace(std::shared_ptr<socketio::ServerLink const> server, std::string name,
                     std::shared_ptr<socketio::HandlerSet> parent)
    : server_(std::move(server)),
      name_(std::move(name)),
      handlers_(std::make_shared<socketio::HandlerSet>()),
      parent_(std::move(parent)) {
  for (std::size_t i = 0; i < server_->node_count(); ++i)
    shards_.push_back(std::make_unique<socketio::LocalAdapter>(*this, server_->node(i)));
}

Namespace::~Namespace() = default;

socketio::LocalAdapter& Namespace::adapter(core::Shard const& shard) const noexcept {
  return *shards_[shard.index()];
}

socketio::DropOldest const* Namespace::find_rule(std::string_view event) const {
  for (auto const* const handlers : {handlers_.get(), parent_.get()}) {
    if (handlers == nullptr) continue;
    auto const found = handlers->drop_oldest.find(event);
    if (found != handlers->drop_oldest.end()) return &found->second;
  }
  return nullptr;
}

Socket* Namespace::find(std::string_view id) const {
  auto const* const node = server_->here();
  return node == nullptr ? nullptr : adapter(node->shard()).find(id);
}

void Namespace::for_each_local(std::function<void(Socket&)> const& visit) const {
  auto const* const node = server_->here();
  if (node == nullptr) return;
  for (auto const& socket : adapter(node->shard()).select({})) {
    if (socket->connected()) visit(*socket);
  }
}

std::vector<std::string> Namespace::local_rooms() const {
  auto const* const node = server_->here();
  return node == nullptr ? std::vector<std::string>() : adapter(node->shard()).room_names();
}

namespace {

template <class List, class... Texts>
void tell_listeners_to_rooms(Logger const& log, socketio::HandlerSet const& set,
                             List socketio::RoomListeners::*list, Texts... texts) {
  (set.rooms.*list).snapshot(set.callers()).each([&](auto& listener) {
    core::call_user(log, {"socket.io", "a listener to rooms"}, listener, texts...);
  });
}

}  // namespace

void Namespace::tell_room(bool created, std::string_view room) const {
  auto const* const node = server_->here();
  if (node == nullptr) return;
  for (auto const* const set : {parent_.get(), handlers_.get()}) {
    if (set == nullptr) continue;
    auto const list = created ? &socketio::RoomListeners::created : &socketio::RoomListeners::deleted;
    tell_listeners_to_rooms(node->shard().runtime().log(), *set, list, room);
  }
}

void Namespace::tell_member(bool joined, std::string_view room, std::string_view socket) const {
  auto const* const node = server_->here();
  if (node == nullptr) return;
  for (auto const* const set : {parent_.get(), handlers_.get()}) {
    if (set == nullptr) continue;
    auto const list = joined ? &socketio::RoomListeners::joined : &socketio::RoomListeners::left;
    tell_listeners_to_rooms(node->shard().runtime().log(), *set, list, room, socket);
  }
}

bool Namespace::hears_of_expired() const noexcept {
  auto const hears = [](auto const& set) { return set != nullptr && !set->expired.empty(); };
  return hears(parent_) || hears(handlers_);
}

void Namespace::tell_expired(ExpiredSession const& session) const {
  auto const* const node = server_->here();
  if (node == nullptr) return;
  for (auto const* const set : {parent_.get(), handlers_.get()}) {
    if (set == nullptr) continue;
    set->expired.snapshot(set->callers()).each([&](auto& listener) {
      core::call_user(node->shard().runtime().log(), {"socket.io", "a listener to expired sessions"},
                      listener, session);
    });
  }
}

void Namespace::tell_server_side(socketio::ServerSideEvent const& event) const {
  auto const tell = [&event](socketio::HandlerSet const& set) {
    auto const found = set.server_side.find(event.name);
    if (found == set.server_side.end()) return;
    found->second.snapshot(set.callers()).each([&event](socketio::ServerSideHandler& handler) {
      auto const outcome = core::try_user([&] { handler.handle(event); });
      if (!outcome.has_value()) socketio::server_side_failed(event.log, event.name, outcome.error());
    });
  };
  if (parent_) tell(*parent_);
  tell(*handlers_);
}

ParentNamespace::ParentNamespace(socketio::NamespaceRegistry& registry, Predicate matches)
    : registry_(registry),
      matches_(std::move(matches)),
      handlers_(std::make_shared<socketio::HandlerSet>()) {}

void ParentNamespace::emit_args(std::string_view event, ArgsRef args) const {
  for (auto const& child : registry_.children(*handlers_))
    child->emit_args(event, args);
}

}}  // namespace aerie::v1
