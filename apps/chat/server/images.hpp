#pragma once

/// \file
/// What kind of image some bytes are, by the bytes alone. Functions without state: callable from any thread.

#include <cstdint>
#include <optional>
#include <string_view>

namespace chat::images {

struct Format {
  /// As browsers are told it (RFC 9110 §8.3): "image/png".
  std::string_view type;
  /// In pixels.
  std::int64_t width = 0;
  std::int64_t height = 0;

  bool operator==(Format const&) const = default;
};

/// Of a side; what is larger is none of ours, because it would cost its viewers more memory than they expect.
inline constexpr std::int64_t longest_side = 16'384;

/// PNG (https://www.w3.org/TR/png/#11IHDR), JPEG (ITU-T T.81 §B.2.2), GIF (GIF89a §18) and WebP
/// (RFC 9649 §2); nothing for anything else, among it SVG, which can hold programs. What follows the part
/// that says how large the image is is not looked at.
std::optional<Format> format_of(std::string_view bytes);

}  // namespace chat::images
