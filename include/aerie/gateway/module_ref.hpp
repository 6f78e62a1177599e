#pragma once

/// \file
/// The providers of a module, asked for when it is time: by those who know only then what they need.
///
///     class Reports {
///      public:
///       explicit Reports(aerie::ModuleRef& module) : module_(module) {}
///       void print() { module_.get<Printer>().print(); }
///
/// https://docs.nestjs.com/fundamentals/module-ref

#include <aerie/core/api.hpp>
#include <aerie/gateway/injection.hpp>
#include <aerie/gateway/module.hpp>
#include <aerie/gateway/type_id.hpp>

#include <memory>
#include <utility>

namespace aerie { inline namespace v1 {

/// Whoever asks for an `aerie::ModuleRef&` gets that of the module that provides them; it sees what they see.
/// Lives as long as the application. While the application is being built it belongs to the thread that
/// builds it; once it has started all of it may be called on any thread.
class AERIE_API ModuleRef {
 public:
  virtual ~ModuleRef() = default;

  /// The provider of that type. Throws gateway::StartError if none is visible, or if each client, or each who
  /// asks, has one of its own.
  template <class T>
  T& get() {
    return *std::static_pointer_cast<T>(look_up(gateway::type_id<T>(), true));
  }
  /// The same; null if none is visible.
  template <class T>
  T* find() {
    return std::static_pointer_cast<T>(look_up(gateway::type_id<T>(), false)).get();
  }
  /// One of the caller's own of a transient provider. What it asks for that is transient as well lives as
  /// long as it does. Throws as `get`, and for providers that are not transient.
  template <class T>
  std::shared_ptr<T> resolve() {
    auto scope = open();
    auto object = std::static_pointer_cast<T>(take_transient(*scope, gateway::type_id<T>()));
    return kept(std::move(scope), std::move(object));
  }
  /// A T that no module has to provide, built with what its constructor asks for; the caller's own.
  template <class T>
  std::shared_ptr<T> create() {
    auto scope = open();
    auto object = gateway::make_injected<T>(*scope);
    return kept(std::move(scope), std::move(object));
  }

 private:
  virtual std::shared_ptr<void> look_up(gateway::TypeId type, bool required) = 0;
  /// What keeps the transient dependencies of one object.
  virtual std::shared_ptr<gateway::Resolver> open() = 0;
  virtual std::shared_ptr<void> take_transient(gateway::Resolver& scope, gateway::TypeId type) = 0;

  template <class T>
  static std::shared_ptr<T> kept(std::shared_ptr<gateway::Resolver> scope, std::shared_ptr<T> object) {
    auto* const pointer = object.get();
    return std::shared_ptr<T>(pointer,
                              [scope = std::move(scope), object = std::move(object)](T*) mutable noexcept {
                                object.reset();
                                scope.reset();
                              });
  }
};

/// Modules that are built when they are first needed, instead of when the application starts.
///
///     Task<Report> Reports::make() { auto& module = lazy_.load<PdfModule>(); ... module.get<PdfPrinter>() }
///
/// Such a module may import modules of the application, which it shares with it, and others, which are built
/// with it. It can have no gateways or controllers. As with NestJS the hooks of the start are not called of
/// what is built late; unlike there those of the end are.
/// https://docs.nestjs.com/fundamentals/lazy-loading-modules
class AERIE_API LazyModules {
 public:
  virtual ~LazyModules() = default;

  /// Builds it, or finds that it was built before. Any thread, once the application has started; who comes
  /// while another builds waits. Throws gateway::StartError, as the start would, and before the start.
  template <class M>
  ModuleRef& load() {
    return load(gateway::module_reference<M>());
  }
  /// The same of a module with settings of its own; two of these are never the same.
  ModuleRef& load(DynamicModule module) { return load(std::move(module.reference)); }

 private:
  virtual ModuleRef& load(gateway::ModuleReference module) = 0;
};

}}  // namespace aerie::v1
