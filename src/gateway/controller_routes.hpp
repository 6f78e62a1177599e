#pragma once

/// \file
/// The controllers of an application as routes of its HTTP server.

#include "gateway/container.hpp"
#include "gateway/route_builder.hpp"

#include <aerie/core/log.hpp>
#include <aerie/gateway/controller.hpp>
#include <aerie/gateway/route.hpp>
#include <aerie/http/server.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

/// Outlives the server's use of it.
class ControllerRoutes {
 public:
  /// Registers the routes of all modules' controllers, and the application's answers to errors. Throws
  /// StartError.
  void bind(Container const& container, std::vector<MadeLayer> const& global, http::Server& http);
  void for_each(std::function<void(Route const&)> const& visit) const;
  /// One line per route.
  void log(Logger const& log) const;

 private:
  struct Entry {
    ControllerRoute const& described;
    Route route;
  };

  void bind(ModuleNode& node, Listed<ControllerDescription> const& listed,
            std::vector<MadeLayer> const& global, http::Server& http);
  static void add(Entry const& entry, http::Server& http);
  static http::Response answer_plain(Entry const& entry, http::Request const& request);
  static Task<http::Response> answer(Entry const& entry, http::Request const& request);

  std::vector<std::shared_ptr<ControllerDescription const>> descriptions_;
  std::deque<Entry> entries_;
};

}}}  // namespace aerie::v1::gateway
