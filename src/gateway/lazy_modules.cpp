#include "gateway/lazy_modules.hpp"

#include <aerie/core/log.hpp>
#include <aerie/gateway/exceptions.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

void refuse_doors(Container const& container, TypeId module) {
  for (auto const& node : container.modules()) {
    if (node->module().gateway_list().empty() && node->module().controller_list().empty() &&
        node->module().layers().empty())
      continue;
    throw StartError(core::concat("aerie: ", module->name, " is loaded late, but ", node->name(),
                                  " has gateways, controllers or layers for everywhere, which are bound when "
                                  "the application starts; let a module import it that is there from the "
                                  "start"));
  }
}

}  // namespace

LazyModulesOf::~LazyModulesOf() {
  while (!loaded_.empty())
    loaded_.pop_back();
}

ModuleRef& LazyModulesOf::load(ModuleReference module) {
  std::scoped_lock const lock(mutex_);
  if (!application_.is_settled()) {
    throw StartError(core::concat("aerie: ", module.type->name,
                                  " is loaded late before the application has started; import it, or load "
                                  "it from on_module_init on"));
  }
  auto& known = loaded_.empty() ? application_ : *loaded_.back();
  if (auto* const node = known.find_module(module)) return node->ref();
  auto made = std::make_unique<Container>(module, std::vector<Provider>(), Overrides(), &known);
  refuse_doors(*made, module.type);
  made->build();
  made->settle();
  loaded_.push_back(std::move(made));
  return loaded_.back()->root().ref();
}

std::vector<Container::Hooked> LazyModulesOf::hooks() const {
  std::scoped_lock const lock(mutex_);
  std::vector<Container::Hooked> all;
  for (auto const& container : loaded_) {
    auto const some = container->hooks();
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}}}  // namespace aerie::v1::gateway
