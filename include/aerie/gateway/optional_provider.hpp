#pragma once

/// \file
/// A dependency that may be missing.
///
///     class Mailer {
///      public:
///       explicit Mailer(aerie::Optional<Metrics> const& metrics) : metrics_(metrics) {}
///      private:
///       void sent() { if (metrics_) metrics_->count("mails"); }
///       aerie::Optional<Metrics> metrics_;
///     };
///
/// https://docs.nestjs.com/providers#optional-providers

#include <aerie/gateway/injection.hpp>
#include <aerie/gateway/module.hpp>

#include <memory>
#include <utility>

namespace aerie { inline namespace v1 {

/// The provider of type T that is visible in the module of whoever asks, or nothing. Cheap to copy. As
/// everything that is injected it is good for as long as what it was injected into.
template <class T>
class Optional {
 public:
  /// For the framework: what was provided, or null.
  explicit Optional(std::shared_ptr<T> found) : found_(std::move(found)) {}

  explicit operator bool() const noexcept { return found_ != nullptr; }
  /// Null if there is none.
  T* get() const noexcept { return found_.get(); }
  /// REQUIRES: there is one.
  T& operator*() const noexcept { return *found_; }
  T* operator->() const noexcept { return found_.get(); }

 private:
  std::shared_ptr<T> found_;
};

namespace gateway::detail {

template <class T>
inline constexpr bool is_made_on_demand<Optional<T>> = true;

template <class T>
struct MadeOnDemand<Optional<T>> {
  static Provider provider() {
    Provider provider{type_id<Optional<T>>(), type_id<Optional<T>>(), [](Resolver& resolver) {
                        auto found = std::static_pointer_cast<T>(resolver.find(type_id<T>()));
                        return Instance{std::make_shared<Optional<T>>(std::move(found)), {}};
                      }};
    provider.is_of_module = true;
    return provider;
  }
};

}  // namespace gateway::detail
}}  // namespace aerie::v1
