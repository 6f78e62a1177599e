#pragma once

/// \file
/// The one grammar of JSON values that both the checks and the reader use.

#include <aerie/schema/json_scan.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace aerie { inline namespace v1 { namespace json {

/// Walks over JSON values without building anything.
class Scanner {
 public:
  Scanner(std::string_view text, std::optional<std::size_t> attachments, std::size_t max_depth)
      : at_(text.data()),
        end_(text.data() + text.size()),
        attachments_(attachments),
        depth_left_(max_depth) {}

  /// Walks over the next value and the whitespace in front of it.
  bool skip_value();
  /// Walks over the next value, an array, and notes the text of each element.
  bool skip_array(ElementList& elements);
  /// Walks over whitespace; true if nothing is left.
  bool finish();

  [[nodiscard]] char const* position() const { return at_; }
  [[nodiscard]] ScanError error() const { return error_; }

 private:
  struct Placeholder;

  bool fail(ScanError error);
  bool advance_to(char const* at);
  bool enter();
  bool leave();
  bool skip_string();
  bool skip_array();
  bool skip_object();
  bool skip_key(std::string_view& key);
  bool skip_colon();
  bool next_item(char closing, bool& has_next);

  char const* at_;
  char const* end_;
  std::optional<std::size_t> attachments_;
  std::size_t depth_left_;
  ScanError error_ = ScanError::none;
};

}}}  // namespace aerie::v1::json
