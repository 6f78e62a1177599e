#include "socketio/namespace_registry.hpp"

#include "socketio/server_link.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/core/user_code.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

NamespaceRegistry::NamespaceRegistry(std::shared_ptr<ServerLink const> server, Logger const& log,
                                     bool forgets_empty)
    : server_(std::move(server)), log_(log), forgets_empty_(forgets_empty) {}

std::shared_ptr<Namespace> NamespaceRegistry::find(std::string_view name) const {
  std::scoped_lock const lock(mutex_);
  auto const found = entries_.find(name);
  return found == entries_.end() || found->second.being_made ? nullptr : found->second.nsp;
}

std::vector<std::shared_ptr<Namespace>> NamespaceRegistry::all() const {
  std::scoped_lock const lock(mutex_);
  std::vector<std::shared_ptr<Namespace>> result;
  for (auto const& [name, entry] : entries_) {
    if (!entry.being_made) result.push_back(entry.nsp);
  }
  return result;
}

std::vector<std::shared_ptr<Namespace>> NamespaceRegistry::children(HandlerSet const& parent) const {
  auto result = all();
  std::erase_if(result, [&](auto const& nsp) { return nsp->parent_handlers() != &parent; });
  return result;
}

std::vector<ParentNamespace*> NamespaceRegistry::parents() const {
  std::scoped_lock const lock(mutex_);
  std::vector<ParentNamespace*> result;
  for (auto const& parent : parents_)
    result.push_back(parent.nsp.get());
  return result;
}

ParentNamespace& NamespaceRegistry::add_parent(ParentNamespace::Predicate predicate,
                                               std::function<bool(std::string_view)> adopts) {
  auto parent = std::make_unique<ParentNamespace>(*this, std::move(predicate));
  parent->handler_set().heed(server_->seal());
  std::scoped_lock const lock(mutex_);
  parents_.push_back({std::move(parent), std::move(adopts)});
  return *parents_.back().nsp;
}

void NamespaceRegistry::on_new_namespace(std::function<void(Namespace&)> listener) {
  std::scoped_lock const lock(mutex_);
  new_namespace_.push_back(std::make_shared<std::function<void(Namespace&)> const>(std::move(listener)));
}

NamespaceRegistry::Entry& NamespaceRegistry::insert(std::string_view name, ParentNamespace* parent) {
  auto handlers = parent != nullptr ? parent->handlers_ : nullptr;
  auto nsp = std::make_shared<Namespace>(server_, std::string(name), std::move(handlers));
  return entries_.emplace(std::string(name), Entry{std::move(nsp)}).first->second;
}

Namespace& NamespaceRegistry::keep(std::string_view name) {
  std::shared_ptr<Namespace> nsp;
  {
    std::scoped_lock const lock(mutex_);
    if (auto const found = entries_.find(name); found != entries_.end()) {
      found->second.nsp->dynamic_ = false;
      return *found->second.nsp;
    }
    ParentNamespace* parent = nullptr;
    for (auto const& candidate : parents_) {
      if (candidate.adopts && candidate.adopts(name)) parent = candidate.nsp.get();
    }
    nsp = insert(name, parent).nsp;
  }
  try {
    if (name != "/") tell_listeners(*nsp);
  } catch (...) {
    made(*nsp, false);
    throw;
  }
  made(*nsp, true);
  return *nsp;
}

NamespaceRegistry::Acquired NamespaceRegistry::acquire(std::string_view name, ParentNamespace* parent) {
  std::shared_ptr<Namespace> nsp;
  {
    std::scoped_lock const lock(mutex_);
    if (auto const found = entries_.find(name); found != entries_.end()) {
      if (found->second.being_made) return {Found::being_made};
      ++found->second.nsp->users_;
      return {Found::yes, found->second.nsp};
    }
    if (parent == nullptr) return {Found::no};
    nsp = insert(name, parent).nsp;
    nsp->dynamic_ = true;
    ++nsp->users_;
  }
  auto const told =
      core::call_user(log_, {"socket.io", "the new_namespace listener", name}, [&] { tell_listeners(*nsp); });
  made(*nsp, told);
  if (!told) return {Found::failed};
  return {Found::yes, std::move(nsp)};
}

void NamespaceRegistry::tell_listeners(Namespace& nsp) const {
  std::vector<std::shared_ptr<std::function<void(Namespace&)> const>> listeners;
  {
    std::scoped_lock const lock(mutex_);
    listeners = new_namespace_;
  }
  for (auto const& listener : listeners)
    (*listener)(nsp);
}

void NamespaceRegistry::made(Namespace& nsp, bool succeeded) {
  nsp.handler_set().heed(server_->seal());
  if (succeeded) tell_cluster(nsp.name(), true);
  std::vector<core::Reply<bool>> waiting;
  std::shared_ptr<Namespace> gone;
  {
    std::scoped_lock const lock(mutex_);
    auto const found = entries_.find(nsp.name());
    waiting = std::exchange(found->second.waiting, {});
    found->second.being_made = false;
    if (!succeeded) {
      nsp.users_ = 0;
      gone = std::move(found->second.nsp);
      entries_.erase(found);
    }
  }
  // Somebody may have got a reference to it by `keep` meanwhile.
  if (gone) retire(std::move(gone));
  for (auto const& reply : waiting)
    reply(true);
}

bool NamespaceRegistry::wait_for(std::string_view name, core::Reply<bool> made) {
  std::scoped_lock const lock(mutex_);
  auto const found = entries_.find(name);
  if (found == entries_.end() || !found->second.being_made) return false;
  found->second.waiting.push_back(std::move(made));
  return true;
}

void NamespaceRegistry::release(Namespace& nsp) {
  std::shared_ptr<Namespace> gone;
  {
    std::scoped_lock const lock(mutex_);
    if (--nsp.users_ > 0 || !nsp.dynamic_ || !forgets_empty_) return;
    auto const found = entries_.find(nsp.name());
    if (found == entries_.end() || found->second.nsp.get() != &nsp) return;
    gone = std::move(found->second.nsp);
    entries_.erase(found);
  }
  tell_cluster(nsp.name(), false);
  retire(std::move(gone));
}

void NamespaceRegistry::tell_cluster(std::string const& name, bool made) const {
  if (!server_->in_cluster()) return;
  server_->run_on_first(
      [name, made](ShardNode& first) { first.server().member().namespace_changed(name, made); });
}

void NamespaceRegistry::retire(std::shared_ptr<Namespace> nsp) const {
  // Any shard may be busy with it, or have a burst of its open: it goes when all have ended a turn.
  for (std::size_t i = 0; i < server_->node_count(); ++i) {
    server_->post(i, 0, [nsp](ShardNode& node) { node.shard().retire(nsp); });
  }
}

}}}  // namespace aerie::v1::socketio
