#pragma once

#include <aerie/core/clock.hpp>
#include <aerie/schema/value.hpp>

#include <memory>
#include <optional>
#include <string>

namespace aerie { inline namespace v1 { namespace gateway {

/// What is known of the token of a client that was let in.
struct TokenLife {
  /// When it ends, in seconds of Unix time; nothing: never.
  std::optional<double> end;
  /// Whose it is (`sub`); empty if it does not say so.
  std::string subject;
  /// What it says, kept where it may be revoked.
  std::shared_ptr<Value const> claims = nullptr;
  /// When it was asked last whether it was.
  core::TimePoint asked_at{};
};

}}}  // namespace aerie::v1::gateway
