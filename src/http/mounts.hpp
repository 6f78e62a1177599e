#pragma once

#include <aerie/http/exchange.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace http {

struct Mount {
  std::string prefix;
  Service* service;
};

/// Which service answers below which path.
class MountTable {
 public:
  /// Throws std::invalid_argument if the prefix is no path or is taken.
  void add(std::string prefix, Service& service);
  void remove(Service& service);
  /// Of the services that want the request the one whose prefix is the longest that its path begins with;
  /// null if there is none.
  Service* find(RequestHead const& head) const noexcept;
  std::vector<Mount> const& all() const noexcept { return mounts_; }

 private:
  std::vector<Mount> mounts_;  // longest prefix first
};

}}}  // namespace aerie::v1::http
