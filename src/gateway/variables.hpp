#pragma once

/// \file
/// Where settings are looked up.

#include <aerie/gateway/config.hpp>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

/// The environment over `.env` files. Remembers what it was asked for.
class Variables {
 public:
  /// Reads the files. Throws StartError if one is there but cannot be read.
  explicit Variables(ConfigOptions const& options);

  /// Throws StartError if variables refer to each other in a circle.
  std::optional<std::string> find(std::string_view name);

  /// Those with this prefix that nobody has asked for; without a prefix, those of files only.
  std::vector<std::string> unused(std::string_view prefix) const;

 private:
  std::optional<std::string> look_up(std::string_view name, unsigned depth) const;
  std::string expand(std::string_view text, unsigned depth) const;

  Environment environment_;
  Environment files_;
  bool expands_;
  std::set<std::string, std::less<>> asked_;
};

}}}  // namespace aerie::v1::gateway
