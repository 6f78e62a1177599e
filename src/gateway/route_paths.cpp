#include "gateway/route_paths.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/trimmed.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/http/response.hpp>

#include <algorithm>
#include <stdexcept>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

/// What is before the first `end`, taken off `text` with it.
std::string_view take_until(std::string_view& text, char end) {
  auto const part = text.substr(0, text.find(end));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

bool covers(std::string_view pattern, std::string_view path) {
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    auto const wanted = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(wanted.size());
    if (wanted.starts_with('*')) return true;
    if (path.empty()) return false;
    path.remove_prefix(1);
    auto const segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    if (!wanted.starts_with(':') && wanted != segment) return false;
  }
  return path.empty();
}

}  // namespace

std::string join_paths(std::initializer_list<std::string_view> parts) {
  std::string joined;
  for (auto part : parts) {
    while (part.starts_with('/'))
      part.remove_prefix(1);
    while (part.ends_with('/'))
      part.remove_suffix(1);
    if (!part.empty()) joined.append("/").append(part);
  }
  return joined.empty() ? "/" : joined;
}

bool is_excluded(GlobalPrefixOptions const& options, std::string_view method, std::string_view path) {
  return std::ranges::any_of(options.exclude, [&](std::string_view entry) {
    auto const space = entry.find(' ');
    if (space != entry.npos) {
      if (!http::equal_ignoring_case(entry.substr(0, space), method)) return false;
      entry.remove_prefix(space + 1);
    }
    return covers(join_paths({core::trimmed(entry)}), path);
  });
}

std::vector<RoutePlace> places_of(ControllerRoute const& route, ControllerDescription const& controller,
                                  RouteSettings const& settings) {
  auto const own = join_paths({controller.path, route.path});
  auto const is_bare = is_excluded(settings.prefix_options, http::to_string(route.method), own);
  std::string_view const prefix = is_bare ? std::string_view() : settings.prefix;
  auto const& versioning = settings.versioning;
  std::vector<std::string> versions;
  if (versioning) {
    versions = route.versions ? *route.versions : controller.versions.value_or(versioning->default_versions);
  }
  if (versions.empty() || versioning->type != VersioningType::uri)
    return {{join_paths({prefix, own}), std::move(versions)}};
  // Each has a path of its own: nothing is left to be selected.
  std::vector<RoutePlace> places;
  for (auto const& version : versions)
    places.push_back({join_paths({prefix, core::concat(versioning->prefix, version), own}), {}});
  return places;
}

std::optional<std::string> requested_version(VersioningOptions const& options,
                                             http::RequestHead const& head) {
  if (options.type == VersioningType::uri) return std::nullopt;
  if (options.type == VersioningType::header) {
    auto const version = core::trimmed(head.header(options.header));
    return version.empty() ? std::nullopt : std::optional<std::string>(version);
  }
  auto accept = head.header("accept");
  while (!accept.empty()) {
    auto element = take_until(accept, ',');
    take_until(element, ';');
    while (!element.empty()) {
      auto const parameter = core::trimmed(take_until(element, ';'));
      if (parameter.starts_with(options.key) && parameter.size() > options.key.size())
        return std::string(parameter.substr(options.key.size()));
    }
  }
  return std::nullopt;
}

void check(VersioningOptions const& options) {
  if (options.type == VersioningType::header) {
    try {
      std::string line;
      http::append_header(line, options.header, "1");
    } catch (std::invalid_argument const& error) {
      throw StartError(core::concat(error.what(), " (VersioningOptions::header)"));
    }
  }
  if (options.type == VersioningType::media_type && options.key.empty()) {
    throw StartError(
        "aerie: VersioningOptions::key is empty, so that every parameter in Accept would be a version; leave "
        "it "
        "at \"v=\"");
  }
}

}}}  // namespace aerie::v1::gateway
