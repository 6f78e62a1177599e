#include "http/content_type.hpp"

#include <aerie/http/request_head.hpp>

#include <array>

namespace aerie { inline namespace v1 { namespace http {

namespace {

struct Type {
  std::string_view ending;
  std::string_view type;
};

constexpr std::array types{
    Type{"html", "text/html; charset=utf-8"},
    Type{"htm", "text/html; charset=utf-8"},
    Type{"css", "text/css; charset=utf-8"},
    Type{"js", "text/javascript; charset=utf-8"},
    Type{"mjs", "text/javascript; charset=utf-8"},
    Type{"json", "application/json; charset=utf-8"},
    Type{"map", "application/json; charset=utf-8"},
    Type{"webmanifest", "application/manifest+json; charset=utf-8"},
    Type{"txt", "text/plain; charset=utf-8"},
    Type{"md", "text/markdown; charset=utf-8"},
    Type{"csv", "text/csv; charset=utf-8"},
    Type{"xml", "application/xml; charset=utf-8"},
    Type{"svg", "image/svg+xml"},
    Type{"png", "image/png"},
    Type{"jpg", "image/jpeg"},
    Type{"jpeg", "image/jpeg"},
    Type{"gif", "image/gif"},
    Type{"webp", "image/webp"},
    Type{"avif", "image/avif"},
    Type{"ico", "image/x-icon"},
    Type{"woff", "font/woff"},
    Type{"woff2", "font/woff2"},
    Type{"ttf", "font/ttf"},
    Type{"otf", "font/otf"},
    Type{"wasm", "application/wasm"},
    Type{"pdf", "application/pdf"},
    Type{"zip", "application/zip"},
    Type{"mp3", "audio/mpeg"},
    Type{"ogg", "audio/ogg"},
    Type{"wav", "audio/wav"},
    Type{"mp4", "video/mp4"},
    Type{"webm", "video/webm"},
};

}  // namespace

std::string_view content_type_of(std::string_view file_name) noexcept {
  auto const dot = file_name.rfind('.');
  auto const ending = dot == file_name.npos ? std::string_view{} : file_name.substr(dot + 1);
  for (auto const& one : types) {
    if (equal_ignoring_case(one.ending, ending)) return one.type;
  }
  return "application/octet-stream";
}

bool is_compressible(std::string_view type) noexcept {
  return type.starts_with("text/") || type.starts_with("application/json") ||
         type.starts_with("application/manifest") || type.starts_with("application/xml") ||
         type.starts_with("application/wasm") || type.starts_with("image/svg");
}

}}}  // namespace aerie::v1::http
