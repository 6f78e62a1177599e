#pragma once
#include <aerie/gateway/module.hpp>
namespace aerie::inline v1::gateway {
struct ControllerDescription {};
}  // namespace aerie::inline v1::gateway
