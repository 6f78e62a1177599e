#pragma once

/// \file
/// The controllers of an application as routes of its HTTP server.

#include "gateway/container.hpp"
#include "gateway/route_builder.hpp"
#include "gateway/route_paths.hpp"

#include <aerie/core/log.hpp>
#include <aerie/gateway/controller.hpp>
#include <aerie/gateway/route.hpp>
#include <aerie/gateway/versioning.hpp>
#include <aerie/http/server.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

/// Outlives the server's use of it.
class ControllerRoutes {
 public:
  /// Before `bind`.
  void set_prefix(std::string prefix, GlobalPrefixOptions options);
  /// Throws StartError for options that cannot work.
  void set_versioning(VersioningOptions options);
  /// Registers the routes of all modules' controllers, and the application's answers to errors. Throws
  /// StartError.
  void bind(Container const& container, ApplicationLayers const& global, http::Server& http);
  void for_each(std::function<void(Route const&)> const& visit) const;
  /// One line per route.
  void log(Logger const& log) const;

 private:
  struct Entry {
    ControllerRoute described;
    /// What of several entries of one path it is for; empty: whatever is asked for.
    std::vector<std::string> versions;
    Route route;
    std::size_t body_limit = 0;
  };
  /// All that answer one method at one path: mostly one, or one for each version.
  struct Group {
    std::vector<Entry const*> entries;
    /// The header that says which.
    std::string vary;
  };

  void bind(ModuleNode& node, Listed<ControllerDescription> const& listed, ApplicationLayers const& global);
  void add(ControllerRoute const& described, RouteBuilder& routes, RoutePlace place);
  void put(Entry const& entry);
  void serve(Group const& group, http::Server& http) const;
  Entry const* select(Group const& group, http::Request const& request) const;
  http::Response answer_plain(Group const& group, http::Request const& request) const;
  Task<http::Response> answer(Group const& group, http::Request const& request) const;
  http::Response finished(Group const& group, http::Response response) const;

  RouteSettings settings_;
  std::vector<std::shared_ptr<ControllerDescription const>> descriptions_;
  std::deque<Entry> entries_;
  std::deque<Group> groups_;  // in the order in which they were described: of equals the first one answers
  std::map<std::pair<http::Method, std::string>, Group*> group_at_;
};

}}}  // namespace aerie::v1::gateway
