#pragma once

/// \file
/// What is wrong with a message, member by member, in the form in which class-validator reports it and NestJS
/// sends it.

#include <aerie/core/api.hpp>
#include <aerie/schema/codec_trait.hpp>
#include <aerie/schema/decode_error.hpp>
#include <aerie/schema/value.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 {

/// A rule that failed: "isInt", "age must be an integer number".
struct Constraint {
  /// The rule's name, as class-validator calls it.
  std::string rule;
  /// What is said to the sender.
  std::string text;

  friend bool operator==(Constraint const&, Constraint const&) = default;
};

/// What is wrong with one member, or with members of it. A plain value.
///
/// Written as `{"value":5,"property":"age","children":[],"constraints":{"isInt":"..."}}`: `value` is left out
/// where it is undefined, `constraints` where there are none, `children` where `has_children_list` is false.
struct ValidationError {
  /// The member's name, or an element's index.
  std::string property;
  /// What it is; undefined where it is not repeated.
  Value value;
  std::vector<Constraint> constraints;    ///< In the order in which the rules were checked.
  std::vector<ValidationError> children;  ///< Of members of this one, or of elements.
  /// Whether it is written with `children`, even if there are none.
  bool has_children_list = true;
};

template <>
struct AERIE_API Codec<ValidationError> {
  static void encode(Encoder& encoder, ValidationError const& error);
};

/// Characters of texts that an answer lists at most.
inline constexpr std::size_t default_max_messages_length = 1'000'000;

/// Where the texts of a member stand whose own members are wrong as well.
enum class ParentTexts : std::uint8_t {
  last,   ///< Behind those of its members, and of an outermost one they are left out: NestJS 11.
  first,  ///< Before those of its members: NestJS 12.
};

/// All the texts in one list, those of nested members with the path in front: "items.0.qty must not be less
/// than 1". After `max_length` characters of texts and paths the rest is left out, and the last text says so;
/// so it does where the errors are not all that there are, `is_complete` being false.
[[nodiscard]] AERIE_API std::vector<std::string> flatten_messages(
    std::vector<ValidationError> const& errors, std::size_t max_length = default_max_messages_length,
    bool is_complete = true, ParentTexts parents = ParentTexts::last);

/// All the texts by the paths of their members, parents first: `{"items.0.qty": ["qty must not be less than
/// 1"]}`. What is left out is said as `"..."`.
[[nodiscard]] AERIE_API Value group_messages(std::vector<ValidationError> const& errors,
                                             std::size_t max_length = default_max_messages_length,
                                             bool is_complete = true);

/// A value that did not fit its C++ type although no rule refused it, such as a number that is too large.
[[nodiscard]] AERIE_API ValidationError to_validation_error(DecodeError const& error);

}}  // namespace aerie::v1
