#pragma once

/// \file
/// Regular expressions for names of namespaces.

#include <aerie/core/api.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

/// A regular expression for names of namespaces, matched anywhere in the name as JavaScript does: anchor it
/// with ^ and $. RE2's syntax, in linear time whatever the pattern
/// (https://github.com/google/re2/wiki/Syntax). Immutable: any thread.
class AERIE_API Pattern {
 public:
  /// Throws std::invalid_argument for a pattern that RE2 refuses.
  explicit Pattern(std::string const& expression);
  /// Whether it fits the whole name, or where in it.
  bool matches(std::string_view name) const;

  /// The names of its groups in their order: that of `(?P<room>...)`, "1", "2" ... of one without a name.
  std::vector<std::string> const& group_names() const noexcept { return group_names_; }
  /// What its groups have matched in a name, by their names, without those that had no part in it. Empty if
  /// the name does not match.
  std::vector<std::pair<std::string, std::string>> groups(std::string_view name) const;

 private:
  std::shared_ptr<void const> compiled_;
  std::vector<std::string> group_names_;
};

}}  // namespace aerie::v1
