#pragma once

#include <aerie/http/request_head.hpp>
#include <aerie/http/routes.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace http {

struct Route {
  RouteHandler handler;
  RouteOptions options;
};

using PathParameters = std::vector<std::pair<std::string, std::string>>;

/// Finds the route of a request. A route that was found outlives the router.
class Router {
 public:
  struct Match {
    std::shared_ptr<Route const> route = nullptr;  // null: none, or none for that method
    PathParameters parameters = {};
    std::string allowed = {};  // methods the path has, for 405; empty if the path has no route at all
  };

  /// Throws std::invalid_argument for a malformed pattern and for a route that is there already.
  void add(Method method, std::string_view pattern, Route route);
  /// `path` is a `Path::text`. A HEAD request is answered by the route for GET if it has none of its own.
  Match find(Method method, std::string_view path) const;
  bool empty() const noexcept { return patterns_.empty(); }

 private:
  static constexpr std::size_t method_count = 9;

  struct Segment {
    enum class Kind : std::uint8_t { literal, parameter, rest };
    Kind kind;
    std::string text;  // the literal, or the name
    bool operator==(Segment const&) const = default;
  };
  struct Pattern {
    std::vector<Segment> segments;
    std::array<std::shared_ptr<Route const>, method_count> routes;

    bool matches(std::string_view path) const noexcept;
    PathParameters parameters(std::string_view path) const;
    std::shared_ptr<Route const> const& route(Method method) const noexcept;
    bool before(Pattern const& other) const noexcept;
  };

  static std::vector<Segment> parse(std::string_view pattern);

  std::vector<Pattern> patterns_;  // the more literal ones first
};

}}}  // namespace aerie::v1::http
