#pragma once

#include <optional>
#include <string>

namespace aerie { inline namespace v1 { namespace gateway {

/// What is known of the token of a client that was let in.
struct TokenLife {
  /// When it ends, in seconds of Unix time; nothing: never.
  std::optional<double> end;
  /// Whose it is (`sub`); empty if it does not say so.
  std::string subject;
};

}}}  // namespace aerie::v1::gateway
