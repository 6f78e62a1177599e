#pragma once

/// \file
/// Why a message could not be read as the type that was asked for.

#include <aerie/core/api.hpp>
#include <aerie/core/owned.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 {

/// What is wrong with what was to be decoded.
enum class DecodeErrorCode : std::uint8_t {
  syntax,              ///< The text is not a value of its format.
  depth,               ///< Arrays and objects are nested more deeply than allowed.
  wrong_type,          ///< A value of another kind was expected.
  missing,             ///< A required member is absent.
  out_of_range,        ///< The number does not fit the type.
  unknown_name,        ///< The string names no value of the enumeration.
  wrong_size,          ///< The array has too few or too many elements.
  illegal_attachment,  ///< A placeholder points to no attachment.
  refused,             ///< A codec of the application refused the value.
};

/// A sentence for the code alone.
AERIE_API std::string_view to_string(DecodeErrorCode code);

/// Where and why. `path` leads from the outermost value to the one at fault (`items.0.qty`) and is empty for
/// the outermost itself; `message` reads "expected a string, got a number".
struct AERIE_API DecodeError {
  /// What is wrong.
  DecodeErrorCode code = DecodeErrorCode::syntax;
  /// Where, from the outermost value: "items.0.qty".
  std::string path;
  /// Why, in words, without the path.
  std::string message;

  /// "items.0.qty: expected a number, got a string"
  [[nodiscard]] std::string to_string() const;
};

/// Success, or a DecodeError. `if (auto result = decode(reader, order); !result)
/// log(result.error().to_string());`
class DecodeResult {
 public:
  DecodeResult() = default;
  /// A failure; null is success.
  explicit DecodeResult(std::unique_ptr<DecodeError const> error) : error_(std::move(error)) {}

  /// Whether it was decoded.
  [[nodiscard]] bool ok() const { return error_ == nullptr; }
  explicit operator bool() const { return ok(); }

  /// REQUIRES: !ok().
  [[nodiscard]] DecodeError const& error() const { return *error_; }

 private:
  core::Owned<DecodeError const> error_;
};

}}  // namespace aerie::v1
