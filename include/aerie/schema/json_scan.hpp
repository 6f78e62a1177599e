#pragma once

/// \file
/// Checks of JSON texts that build nothing: what a server does with every packet before it knows whether
/// anybody wants its arguments. Functions without state: callable from any thread.

#include <aerie/core/api.hpp>
#include <aerie/schema/json.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace json {

enum class ScanError : std::uint8_t {
  none,
  syntax,              ///< Not a JSON text, or something follows it.
  depth,               ///< Nested more deeply than allowed.
  not_an_array,        ///< Valid, but not an array.
  illegal_attachment,  ///< A placeholder whose `num` is the index of no attachment.
};

/// A sentence for each value.
AERIE_API std::string_view to_string(ScanError error);

/// The texts of an array's elements, views of the scanned text. The first eight need no memory of their own.
class ElementList {
 public:
  ElementList() noexcept {}

  void push_back(std::string_view element) {
    if (size_ < inline_.size()) {
      std::construct_at(inline_.data() + size_++, element);
      return;
    }
    if (size_ == inline_.size()) all_.assign(inline_.begin(), inline_.end());
    all_.push_back(element);
    ++size_;
  }
  void clear() {
    size_ = 0;
    all_.clear();
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::string_view const* begin() const {
    return size_ <= inline_.size() ? inline_.data() : all_.data();
  }
  [[nodiscard]] std::string_view const* end() const { return begin() + size_; }
  /// REQUIRES: `index` < size().
  std::string_view operator[](std::size_t index) const { return begin()[index]; }

 private:
  // Left as it is until there are elements: to make eight views for each packet takes longer than to fill
  // two.
  union {
    std::array<std::string_view, 8> inline_;
  };
  std::vector<std::string_view> all_;  // Everything, once there are more than fit inline.
  std::size_t size_ = 0;
};

/// Checks in one pass that `text` is one JSON array with nothing but whitespace around it, and gives the text
/// of each element in `elements`, which is replaced. REQUIRES: the text is valid UTF-8.
///
/// \param attachments  The number of attachments of a binary packet: every object whose `_placeholder` is
/// true must
///                     then have the index of one as `num`. Without it, placeholders are plain objects.
[[nodiscard]] AERIE_API ScanError scan_array(std::string_view text, ElementList& elements,
                                             std::optional<std::size_t> attachments = std::nullopt,
                                             std::size_t max_depth = default_max_depth);

/// Checks that `text` is one JSON value of any kind with nothing but whitespace around it. REQUIRES and
/// `attachments` as above.
[[nodiscard]] AERIE_API ScanError validate(std::string_view text,
                                           std::optional<std::size_t> attachments = std::nullopt,
                                           std::size_t max_depth = default_max_depth);

}}}  // namespace aerie::v1::json
