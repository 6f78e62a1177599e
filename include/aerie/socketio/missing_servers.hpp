#pragma once

/// \file
/// Who has not answered: part of every answer that is collected from several servers.

#include <cstddef>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 {

/// The servers of a cluster that have not answered in time, or have gone before they did. With several shards
/// a server also counts as missing if only some of its shards have answered; this one, too.
struct MissingServers {
  /// How many are known to be missing.
  std::size_t count = 0;
  /// Their ids, of those whose id the adapter knows: not all adapters can tell.
  std::vector<std::string> ids{};
  /// The cluster could not be asked, so nobody knows how many there are; then they do not count.
  bool cluster_unreachable = false;

  /// Whether all servers have answered.
  bool none() const noexcept { return count == 0 && !cluster_unreachable; }
};

}}  // namespace aerie::v1
