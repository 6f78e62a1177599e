#include "gateway/instance_tree.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/of_connection.hpp>
#include <aerie/gateway/route.hpp>
#include <aerie/gateway/ws_client.hpp>
#include <aerie/socketio/socket.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

/// Kept with the client, and destroyed with it.
struct TreeOfClient {
  std::shared_ptr<InstanceTree> tree;
};

/// Takes an asker off its list in the end.
class AskingInTree {
 public:
  AskingInTree(std::vector<Container::Asker>& list, Container::Asker asker) : list_(list) {
    list.push_back(asker);
  }
  ~AskingInTree() { list_.pop_back(); }
  AskingInTree(AskingInTree const&) = delete;
  AskingInTree& operator=(AskingInTree const&) = delete;

 private:
  std::vector<Container::Asker>& list_;
};

InstanceTree::Client client_of(ExecutionContext const& context) {
  if (auto* const socket = context.find_socket()) return {type_id<Socket>(), socket};
  if (auto* const client = context.find_client(type_id<WsClient>())) return {type_id<WsClient>(), client};
  throw StartError(core::concat("aerie: ", context.class_name(), "::", context.handler_name(),
                                " asks for what each client has of its own, but a request has no such "
                                "client; ask for it in a gateway"));
}

/// What is made for each client of one layer of the application.
class LayerOfClients {
 public:
  LayerOfClients(LayerSpec spec, ModuleNode& from) : spec_(std::move(spec)), from_(from) {}
  Layer const& of(ExecutionContext& context) const { return tree_of(context).layer(this, spec_, from_); }

 private:
  LayerSpec spec_;
  ModuleNode& from_;
};

class GuardOfClients final : public Guard {
 public:
  explicit GuardOfClients(std::shared_ptr<LayerOfClients> layer) : layer_(std::move(layer)) {}
  MaybeTask<bool> can_activate(ExecutionContext& context) override {
    return layer_->of(context).guard->can_activate(context);
  }

 private:
  std::shared_ptr<LayerOfClients> layer_;
};

class InterceptorOfClients final : public Interceptor {
 public:
  explicit InterceptorOfClients(std::shared_ptr<LayerOfClients> layer) : layer_(std::move(layer)) {}
  Task<Reply> intercept(ExecutionContext& context, CallHandler& next) override {
    return layer_->of(context).interceptor->intercept(context, next);
  }

 private:
  std::shared_ptr<LayerOfClients> layer_;
};

class FilterOfClients final : public Filter {
 public:
  explicit FilterOfClients(std::shared_ptr<LayerOfClients> layer) : layer_(std::move(layer)) {}
  Task<bool> handle(std::exception_ptr error, ExecutionContext& context) override {
    return layer_->of(context).filter->handle(std::move(error), context);
  }

 private:
  std::shared_ptr<LayerOfClients> layer_;
};

}  // namespace

InstanceTree::~InstanceTree() {
  layers_.clear();
  while (!built_.empty())
    built_.pop_back();
}

std::shared_ptr<void> InstanceTree::built(ModuleNode const& owner, TypeId type) const noexcept {
  auto const is_it = [&](Built const& each) { return each.owner == &owner && each.type == type; };
  auto const found = std::ranges::find_if(built_, is_it);
  return found == built_.end() ? nullptr : found->object;
}

std::shared_ptr<void> InstanceTree::build(Container::Found found, Provider const& provider, bool is_own) {
  AskingInTree const asking(asking_,
                            {found.owner, found.provider->type, provider.built->name, provider.scope});
  TreeView view(*this, *found.owner);
  auto object = provider.build(view).object;
  if (object == nullptr) {
    throw StartError(core::concat("aerie: the factory of ", provider.type->name, " returned nothing"));
  }
  built_.push_back({found.owner, is_own ? nullptr : found.provider->type, object});
  if (charge_) charge_->resize(charge_->bytes() + provider.size);
  return object;
}

std::shared_ptr<void> InstanceTree::obtain(Container::Found found) {
  auto& container = found.owner->container();
  auto const& provider = container.effective(*found.provider);
  auto const type = found.provider->type;
  // A gateway is what it asks for.
  auto const is_of_client = container.is_per_connection(*found.owner, type);
  if (provider.scope == Scope::application && !is_of_client) return container.shared(found);
  if (!provider.build && client_.type == type) return {std::shared_ptr<void>(), client_.object};
  if (!provider.build || (provider.scope != Scope::transient && client_.object == nullptr)) {
    throw StartError(core::concat("aerie: each client has a ", type->name,
                                  " of its own, but whoever asks for it here is no client's"));
  }
  auto const is_own = provider.scope == Scope::transient;
  if (!is_own) {
    if (auto object = built(*found.owner, type)) return object;
  }
  auto const is_it = [&](auto const& asker) { return asker.owner == found.owner && asker.type == type; };
  if (std::ranges::any_of(asking_, is_it)) Container::refuse_cycle(asking_, provider.built);
  return build(found, provider, is_own);
}

void* InstanceTree::resolve(ModuleNode& from, TypeId type) {
  if (type == type_id<ModuleRef>()) return &from.ref();
  auto& container = from.container();
  auto const found = container.find_visible(from, type);
  if (found.provider == nullptr) container.missing(from, type, asking_);
  return obtain(found).get();
}

void* InstanceTree::resolve_on_demand(ModuleNode& from, TypeId type, Provider const& provider) {
  auto& container = from.container();
  if (auto const found = container.find_visible(from, type); found.provider != nullptr) {
    return obtain(found).get();
  }
  // One of the tree's own, which is kept here: the container is only read.
  auto& owner = provider.is_of_module ? from : container.framework();
  if (auto object = built(owner, type)) return object.get();
  return build({&owner, &provider}, provider, false).get();
}

std::shared_ptr<void> InstanceTree::find(ModuleNode& from, TypeId type) {
  auto const found = from.container().find_visible(from, type);
  return found.provider == nullptr ? nullptr : obtain(found);
}

Layer const& InstanceTree::layer(void const* key, LayerSpec const& spec, ModuleNode& from) {
  auto known = layers_.find(key);
  if (known == layers_.end()) {
    TreeView view(*this, from);
    known = layers_.emplace(key, make_layer(spec, view)).first;
  }
  return known->second;
}

InstanceTree* find_tree(ExecutionContext const& context) noexcept {
  auto const* const known = context.find<TreeOfClient>();
  return known == nullptr ? nullptr : known->tree.get();
}

InstanceTree& tree_of(ExecutionContext& context) {
  if (auto* const known = find_tree(context)) return *known;
  auto const client = client_of(context);
  auto tree = std::make_shared<InstanceTree>(client, context.shard().account());
  return *context.set(TreeOfClient{std::move(tree)}).tree;
}

void* connection_provider(ExecutionContext& context, TypeId type) {
  auto& tree = tree_of(context);
  return tree.resolve(*context.route().module, type);
}

void* object_of_client(ExecutionContext& context) {
  auto const& route = context.route();
  return tree_of(context).resolve(*route.module, route.of_connection);
}

Layer layer_per_connection(LayerSpec const& spec, ModuleNode& from) {
  if (spec.kinds.pipe) {
    throw StartError(core::concat("aerie: ", spec.type->name,
                                  " asks for what each client has of its own, but a pipe is made once and "
                                  "does not know whose values it is given; use an interceptor, or an "
                                  "aerie::OfConnection parameter"));
  }
  auto const shared = std::make_shared<LayerOfClients>(spec, from);
  Layer layer;
  if (spec.kinds.guard) layer.guard = std::make_shared<GuardOfClients>(shared);
  if (spec.kinds.interceptor) layer.interceptor = std::make_shared<InterceptorOfClients>(shared);
  if (spec.kinds.filter) layer.filter = std::make_shared<FilterOfClients>(shared);
  layer.is_per_connection = true;
  return layer;
}

}}}  // namespace aerie::v1::gateway
