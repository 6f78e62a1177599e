#include "images.hpp"

#include <cstddef>

namespace chat::images {

namespace {

using namespace std::string_view_literals;

std::int64_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

/// A number of `size` bytes, the most significant first; REQUIRES: they are there.
std::int64_t big_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::int64_t number = 0;
  for (std::size_t i = 0; i < size; ++i)
    number = number * 256 + byte_at(bytes, at + i);
  return number;
}

std::int64_t little_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::int64_t number = 0;
  for (std::size_t i = size; i > 0; --i)
    number = number * 256 + byte_at(bytes, at + i - 1);
  return number;
}

bool has(std::string_view bytes, std::size_t at, std::string_view what) {
  return bytes.size() >= at + what.size() && bytes.substr(at, what.size()) == what;
}

std::optional<Format> png(std::string_view bytes) {
  if (!has(bytes, 0, "\x89PNG\r\n\x1a\n"sv) || !has(bytes, 12, "IHDR") || bytes.size() < 33)
    return std::nullopt;
  return Format{"image/png", big_endian(bytes, 16, 4), big_endian(bytes, 20, 4)};
}

std::optional<Format> gif(std::string_view bytes) {
  if ((!has(bytes, 0, "GIF87a") && !has(bytes, 0, "GIF89a")) || bytes.size() < 13) return std::nullopt;
  return Format{"image/gif", little_endian(bytes, 6, 2), little_endian(bytes, 8, 2)};
}

/// Starts of frames; between them in number are tables (0xc4, 0xcc) and one that is reserved (0xc8).
bool begins_frame(std::int64_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

std::optional<Format> jpeg(std::string_view bytes) {
  if (!has(bytes, 0, "\xff\xd8\xff"sv)) return std::nullopt;
  // Segments: a marker, which any number of 0xff may precede, and a length that counts itself.
  std::size_t at = 2;
  while (at + 4 <= bytes.size() && byte_at(bytes, at) == 0xff) {
    auto const marker = byte_at(bytes, at + 1);
    if (marker == 0xff) {
      ++at;
      continue;
    }
    auto const length = big_endian(bytes, at + 2, 2);
    // The image itself begins, or what is no segment.
    if (marker == 0xda || marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd9) || length < 2)
      return std::nullopt;
    if (begins_frame(marker)) {
      if (at + 9 > bytes.size()) return std::nullopt;
      return Format{"image/jpeg", big_endian(bytes, at + 7, 2), big_endian(bytes, at + 5, 2)};
    }
    at += 2 + static_cast<std::size_t>(length);
  }
  return std::nullopt;
}

std::optional<Format> webp(std::string_view bytes) {
  if (!has(bytes, 0, "RIFF") || !has(bytes, 8, "WEBP") || bytes.size() < 30) return std::nullopt;
  if (has(bytes, 12, "VP8X"))
    return Format{"image/webp", little_endian(bytes, 24, 3) + 1, little_endian(bytes, 27, 3) + 1};
  if (has(bytes, 12, "VP8L") && byte_at(bytes, 20) == 0x2f) {
    auto const sizes = little_endian(bytes, 21, 4);
    return Format{"image/webp", (sizes & 0x3fff) + 1, ((sizes >> 14) & 0x3fff) + 1};
  }
  if (has(bytes, 12, "VP8 ") && has(bytes, 23, "\x9d\x01\x2a"sv))
    return Format{"image/webp", little_endian(bytes, 26, 2) & 0x3fff, little_endian(bytes, 28, 2) & 0x3fff};
  return std::nullopt;
}

bool is_sensible(std::int64_t side) {
  return side >= 1 && side <= longest_side;
}

}  // namespace

std::optional<Format> format_of(std::string_view bytes) {
  for (auto* const read : {&png, &jpeg, &gif, &webp}) {
    auto const format = read(bytes);
    if (format) return is_sensible(format->width) && is_sensible(format->height) ? format : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace chat::images
