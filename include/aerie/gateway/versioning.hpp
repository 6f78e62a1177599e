#pragma once

/// \file
/// Where controllers are found: a prefix of all their paths, and versions. Plain values.
/// https://docs.nestjs.com/faq/global-prefix https://docs.nestjs.com/techniques/versioning

#include <cstdint>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 {

/// What `Application::set_global_prefix` leaves alone.
struct GlobalPrefixOptions {
  /// Paths of routes that do without it: "health", "/cats/:id", one method's alone with "GET health". A
  /// segment
  /// `:name` stands for any one segment, `*name` at the end for what is left.
  std::vector<std::string> exclude = {};
};

/// How a request says which version it wants.
enum class VersioningType : std::uint8_t {
  /// `/v1/cats`
  uri,
  /// A header of its own: `X-API-Version: 1`.
  header,
  /// A parameter of a type in Accept: `application/json;v=1`.
  media_type
};

/// How routes of several versions are told apart.
struct VersioningOptions {
  /// Where the version stands.
  VersioningType type = VersioningType::uri;
  /// What stands before the version in a path.
  std::string prefix = "v";
  /// The header that has the version.
  std::string header = "X-API-Version";
  /// What stands before the version in a media type.
  std::string key = "v=";
  /// Of controllers that name no version. Empty: they answer whatever version is asked for.
  std::vector<std::string> default_versions = {};
};

/// `c.version(aerie::version_neutral)`: answers whatever version is asked for, and requests for none.
struct VersionNeutral {};
/// What `version` is given for that.
inline constexpr VersionNeutral version_neutral{};

}}  // namespace aerie::v1
