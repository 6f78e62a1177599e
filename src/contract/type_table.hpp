#pragma once

/// \file
/// The types of a contract that have a name in it: described structs and enumerations.

#include <aerie/contract/contract.hpp>
#include <aerie/schema/describe.hpp>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace contract {

/// Who sends. A server takes more than it sends: of a date a text as well as a Date, null for what is absent.
enum class Direction : std::uint8_t { to_server, to_client };

/// Each type has one name, its own without namespaces. Of several that are called alike each has its
/// innermost namespace in front. One that goes both ways and is not the same in both is two: `Message` as
/// clients are sent it and `MessageInput` as they may send it. Refers to descriptions, which live as long as
/// the program.
class TypeTable {
 public:
  /// `taken`: names that no type may have.
  explicit TypeTable(Contract const& contract, std::set<std::string> taken = {});

  struct Entry {
    std::string name;
    Direction direction = Direction::to_client;
    StructSchema const* schema = nullptr;  ///< Or
    EnumTable const* names = nullptr;
  };
  /// By their names.
  std::vector<Entry> const& entries() const noexcept { return entries_; }

  std::string const& name_of(StructSchema const& schema, Direction direction) const {
    return structs_.at({&schema, direction});
  }
  std::string const& name_of(EnumTable const& names) const { return enums_.at(&names); }

 private:
  struct Found {
    StructSchema const* schema = nullptr;
    EnumTable const* names = nullptr;
    bool to_server = false;
    bool to_client = false;
  };

  void find(Contract const& contract);
  void find(std::vector<Event> const& events, Direction direction);
  void find(Type const& type, Direction direction);
  void find(TypeShape const& shape, Direction direction);
  void find(StructSchema const& schema, Direction direction);
  void find(EnumTable const& names);
  void name(Found const& found, std::string const& wanted);
  std::string claim(std::string const& wanted);

  std::vector<Found> found_;
  std::set<std::string> taken_;
  std::map<std::pair<StructSchema const*, Direction>, std::string> structs_;
  std::map<EnumTable const*, std::string> enums_;
  std::vector<Entry> entries_;
};

/// The values that a rule leaves to a member (`one_of`, `equals`, `is_enum`), which counts in both
/// directions; null if the rule is another one. `is_each` rules are about elements.
Array const* allowed_values(Rule const& rule);

/// The rules that hold whenever the member is there: none that is for groups, none behind a condition.
std::vector<Rule const*> lasting_rules(FieldRules const& rules);

/// Whether a member may be left out: by a client that sends it, or by the server.
bool may_be_left_out(FieldInfo const& field, Direction direction);

}}}  // namespace aerie::v1::contract
