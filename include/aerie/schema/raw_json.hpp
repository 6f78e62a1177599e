#pragma once

/// \file
/// JSON text that is passed on as it is.

#include <aerie/core/api.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 {

/// A valid JSON text, taken from a message or checked by `parse`, and written without being decoded in
/// between. Where it came with attachments the placeholders in it are plain objects. A plain value.
class AERIE_API RawJson {
 public:
  /// null
  RawJson() = default;

  /// Nothing unless `text` is one JSON value in valid UTF-8.
  static std::optional<RawJson> parse(std::string text);

  /// Takes `text` unchecked. REQUIRES: it is one JSON value in valid UTF-8.
  static RawJson trusted(std::string text) { return RawJson(std::move(text)); }

  /// As it is written.
  [[nodiscard]] std::string_view text() const { return text_; }

  friend bool operator==(RawJson const&, RawJson const&) = default;

 private:
  explicit RawJson(std::string text) : text_(std::move(text)) {}

  std::string text_ = "null";
};

}}  // namespace aerie::v1
