#pragma once

#include <aerie/gateway/gateways.hpp>

#include <optional>
#include <string>

namespace reference {

/// Writes the contract of all of them if the arguments ask for it; the status to exit with then.
std::optional<int> emit_contract(int argc, char const* const* argv);

/// The applications that share one runtime; none of them listens yet.

/// A chat whose adapter sets CORS.
aerie::Application make_rebook(aerie::Runtime& runtime, aerie::NestjsVersion nestjs);
/// The same, whose gateways cannot be reached: their server is not attached to the application's.
aerie::Application make_broken(aerie::Runtime& runtime, aerie::NestjsVersion nestjs);
/// One gateway on every namespace.
aerie::Application make_cola(aerie::Runtime& runtime, aerie::NestjsVersion nestjs);
/// All the rest: handlers, layers, namespaces, connections. `redis`: a URL, if it is one of several
/// instances; empty otherwise.
aerie::Application make_events(aerie::Runtime& runtime, aerie::NestjsVersion nestjs,
                               std::string const& redis = {});

}  // namespace reference
