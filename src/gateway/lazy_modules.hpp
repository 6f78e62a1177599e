#pragma once

/// \file
/// The modules that an application has built late.

#include "gateway/container.hpp"

#include <aerie/gateway/module_ref.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

/// `application` outlives it. Thread-safe.
class LazyModulesOf final : public LazyModules {
 public:
  explicit LazyModulesOf(Container& application) : application_(application) {}
  /// What was loaded last may refer to what was loaded before.
  ~LazyModulesOf() override;

  /// The hooks of everything that was built late, in that order.
  std::vector<Container::Hooked> hooks() const;

 private:
  ModuleRef& load(ModuleReference module) override;

  Container& application_;
  std::mutex mutable mutex_;
  std::vector<std::unique_ptr<Container>> loaded_;  // each knows the one before
};

}}}  // namespace aerie::v1::gateway
