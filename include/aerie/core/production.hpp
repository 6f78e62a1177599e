#pragma once

#include <aerie/core/api.hpp>

namespace aerie { inline namespace v1 { namespace core {

/// Whether the environment says that the program is in production, as programs of Node.js are told:
/// NODE_ENV=production. Thread-safe as long as nobody changes the environment.
AERIE_API bool is_production() noexcept;

}}}  // namespace aerie::v1::core
