#include "http/router.hpp"

#include "http/path.hpp"
#include "http/percent.hpp"

#include <aerie/core/log.hpp>

#include <algorithm>
#include <stdexcept>

namespace aerie { inline namespace v1 { namespace http {

namespace {

[[noreturn]] void refuse(std::string_view pattern, std::string_view why) {
  throw std::invalid_argument(core::concat("aerie: route \"", pattern, "\": ", why));
}

/// Takes the first segment from a path that begins with `/`, or is empty.
std::string_view take_segment(std::string_view& path) noexcept {
  path.remove_prefix(1);
  auto const segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

/// `/rooms/` is `/rooms`.
std::string_view without_last_slash(std::string_view path) noexcept {
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

}  // namespace

std::vector<Router::Segment> Router::parse(std::string_view pattern) {
  if (!pattern.starts_with('/')) refuse(pattern, "a pattern begins with /");
  std::vector<Segment> segments;
  auto rest = without_last_slash(pattern);
  if (rest == "/") return segments;
  while (!rest.empty()) {
    auto const text = take_segment(rest);
    if (text.empty()) refuse(pattern, "a segment is empty");
    auto const kind = text.front() == ':'   ? Segment::Kind::parameter
                      : text.front() == '*' ? Segment::Kind::rest
                                            : Segment::Kind::literal;
    if (text == ":") refuse(pattern, "a parameter has no name; write :name");
    if (kind == Segment::Kind::rest && !rest.empty()) refuse(pattern, "*name must be the last segment");
    segments.push_back(
        {kind, kind == Segment::Kind::literal ? normal_path(text) : std::string(text.substr(1))});
  }
  return segments;
}

void Router::add(Method method, std::string_view pattern, Route route) {
  Pattern added{parse(pattern), {}};
  auto place = std::find_if(patterns_.begin(), patterns_.end(),
                            [&](Pattern const& other) { return other.segments == added.segments; });
  if (place == patterns_.end()) {
    place = std::find_if(patterns_.begin(), patterns_.end(),
                         [&](Pattern const& other) { return added.before(other); });
    place = patterns_.insert(place, std::move(added));
  }
  auto& slot = place->routes[static_cast<std::size_t>(method)];
  if (slot) refuse(pattern, core::concat("there is one for ", to_string(method), " already"));
  slot = std::make_shared<Route const>(std::move(route));
}

bool Router::Pattern::before(Pattern const& other) const noexcept {
  auto const shorter = std::min(segments.size(), other.segments.size());
  for (std::size_t i = 0; i < shorter; ++i) {
    if (segments[i].kind != other.segments[i].kind) return segments[i].kind < other.segments[i].kind;
  }
  return segments.size() < other.segments.size();
}

bool Router::Pattern::matches(std::string_view path) const noexcept {
  if (path == "/") path = {};
  for (auto const& segment : segments) {
    if (segment.kind == Segment::Kind::rest) return true;
    if (path.empty()) return false;
    auto const text = take_segment(path);
    if (segment.kind == Segment::Kind::literal ? text != segment.text : text.empty()) return false;
  }
  return path.empty();
}

PathParameters Router::Pattern::parameters(std::string_view path) const {
  PathParameters result;
  for (auto const& segment : segments) {
    if (segment.kind == Segment::Kind::rest) {
      result.emplace_back(segment.text, percent_decode(path.substr(path.empty() ? 0 : 1), PlusSign::is_plus));
      break;
    }
    auto const text = take_segment(path);
    if (segment.kind == Segment::Kind::parameter) {
      result.emplace_back(segment.text, percent_decode(text, PlusSign::is_plus));
    }
  }
  return result;
}

std::shared_ptr<Route const> const& Router::Pattern::route(Method method) const noexcept {
  auto const& own = routes[static_cast<std::size_t>(method)];
  return own == nullptr && method == Method::head ? route(Method::get) : own;
}

Router::Match Router::find(Method method, std::string_view path) const {
  Match match;
  path = without_last_slash(path);
  if (!path.starts_with('/')) return match;
  for (auto const& pattern : patterns_) {
    if (!pattern.matches(path)) continue;
    if (auto const& route = pattern.route(method)) {
      return {route, pattern.parameters(path), {}};
    }
    for (std::size_t i = 0; i < method_count; ++i) {
      if (!pattern.routes[i]) continue;
      if (!match.allowed.empty()) match.allowed.append(", ");
      match.allowed.append(to_string(static_cast<Method>(i)));
    }
  }
  return match;
}

}}}  // namespace aerie::v1::http
