#pragma once

/// \file
/// What takes the place of an application's parts in a test; see aerie/testing.hpp. A plain record.

#include <aerie/gateway/layers.hpp>
#include <aerie/gateway/module.hpp>
#include <aerie/gateway/type_id.hpp>

#include <map>

namespace aerie { inline namespace v1 { namespace gateway {

struct Overrides {
  /// Instead of all providers of these types, in whichever module.
  std::map<TypeId, Provider> providers;
  /// Instead of all layers of these classes, however they were made.
  std::map<TypeId, LayerSpec> layers;
};

}}}  // namespace aerie::v1::gateway
