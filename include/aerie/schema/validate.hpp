#pragma once

/// \file
/// Checks a message against the rules of a described type, before it is decoded. What is checked, in which
/// order and with which texts is what class-validator does within NestJS' ValidationPipe.
///
///     auto result = aerie::validate<JoinRoom>(payload, {.whitelist = true});
///     if (!result) return answer(flatten_messages(result.errors));
///     JoinRoom request;
///     if (auto error = aerie::decode_validated(result.plain, request)) ...
///
/// Functions without state: callable from any thread. Nothing here throws on bad input; what a check of the
/// application throws is passed on.

#include <aerie/core/api.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/validation_error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

/// Which values an error repeats to the sender.
enum class ErrorValues : std::uint8_t {
  leaves,  ///< Of errors without children.
  all,
  none
};

/// The options of class-validator and of NestJS' ValidationPipe that concern the check itself.
struct ValidationOptions {
  bool whitelist = false;               ///< Members that are not described are removed.
  bool forbid_non_whitelisted = false;  ///< With `whitelist`: they are errors instead.
  bool forbid_unknown_values = false;   ///< A type without described members is an error.
  bool stop_at_first_error = false;     ///< At most one failed rule for each member.
  /// Members that are undefined are not validated.
  bool skip_undefined_properties = false;
  /// Members that are null are not validated.
  bool skip_null_properties = false;
  bool skip_missing_properties = false;  ///< Both.
  /// Only texts of the application's own are given.
  bool dismiss_default_messages = false;
  /// Scalars are converted to the type of their member before, as JavaScript's `String(x)`, `Number(x)` and
  /// `Boolean(x)` do.
  bool enable_implicit_conversion = false;
  /// Which values the errors repeat.
  ErrorValues error_values = ErrorValues::leaves;
  /// If any, rules without groups and of other groups are left out.
  std::vector<std::string> groups = {};
  bool always = false;         ///< Rules without groups are checked whatever the groups are.
  bool strict_groups = false;  ///< Without `groups`: rules that have groups are left out.
  /// What the whole message is called where it is no object.
  std::string root_name = "body";
  /// Characters of texts after which no more errors are collected; of values that errors repeat as many.
  std::size_t max_messages_length = default_max_messages_length;
};

/// Errors, or the message that may be decoded: without what the options remove, converted as they say.
struct ValidationResult {
  /// Those of members that are not described first, the others in the order of the description.
  std::vector<ValidationError> errors;
  /// The message; of no use if there are errors.
  Value plain;
  bool is_complete = true;  ///< False: there are more errors than `max_messages_length` has room for.

  /// Whether there is no error.
  [[nodiscard]] bool ok() const { return errors.empty(); }
  explicit operator bool() const { return ok(); }
};

/// Validates a described struct. Nothing, null and what is no object are checked as an empty object; what
/// is then valid is left as it is if there was nothing, otherwise refused.
[[nodiscard]] AERIE_API ValidationResult validate(StructSchema const& schema, Value payload,
                                                  ValidationOptions const& options = {});

/// Whether values of the type may hold described ones, so that there is something to validate.
[[nodiscard]] AERIE_API bool has_rules(TypeOps const& type) noexcept;

/// Whether a JSON text is right beyond doubt: `validate` would find nothing wrong with it, and a struct that
/// is read from the text is the one that would be read from what `validate` leaves. Builds no tree of the
/// text, and says `false` wherever that would take one (rules of the application, conversions, groups, dates,
/// maps, variants, arrays of structs, repeated members): then `validate` says what is wrong, if anything is.
/// REQUIRES: the text is one valid JSON value.
[[nodiscard]] AERIE_API bool is_right_beyond_doubt(TypeOps const& type, std::string_view json,
                                                   ValidationOptions const& options = {});

/// Validates any type: a described struct as above; what holds described types in any way (arrays, maps,
/// tuples, optionals, variants) part by part, with the index or key as the property. Of a variant that is not
/// described the alternative is checked that the value will be read as, the first that fits. Values of other
/// types have no rules.
[[nodiscard]] AERIE_API ValidationResult validate(TypeOps const& type, Value payload,
                                                  ValidationOptions const& options = {});

template <typename T>
[[nodiscard]] ValidationResult validate(Value payload, ValidationOptions const& options = {}) {
  if constexpr (detail::require_decodable<T>()) {
    return validate(type_ops<T>, std::move(payload), options);
  }
}

namespace detail {
AERIE_API std::optional<ValidationError> decode_validated(Value const& plain, TypeOps const& type,
                                                          void* value);
}  // namespace detail

/// Reads a validated message. Returns what is wrong if it does not fit the type although no rule said so;
/// then `value` is valid but unspecified. A struct is read from nothing or null as from an empty object.
template <typename T>
[[nodiscard]] std::optional<ValidationError> decode_validated(Value const& plain, T& value) {
  if constexpr (detail::require_decodable<T>()) {
    return detail::decode_validated(plain, type_ops<T>, &value);
  }
}

}}  // namespace aerie::v1
