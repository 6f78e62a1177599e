#pragma once

/// \file
/// What an application that runs compares with its contract (docs/contracts.md). Plain values.

#include <string>

namespace aerie { inline namespace v1 {

/// For Application::watch_contract.
struct ContractWatchOptions {
  /// The hash of the contract that is served: `contract::hash_of`. A client that sends another one in `auth`,
  /// as `contract`, is from a page that was built on another contract: the log says so once for each hash.
  /// Empty: nobody looks.
  std::string hash{};
  /// An event that is sent although no gateway of its namespace says so (`g.emits<T>("name")`) is logged,
  /// once. For development: every event that is sent is looked at.
  bool reports_undeclared_events = false;

  /// Whether there is anything to do.
  bool is_on() const noexcept { return !hash.empty() || reports_undeclared_events; }
};

}}  // namespace aerie::v1
