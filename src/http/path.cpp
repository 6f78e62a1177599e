#include "http/path.hpp"

#include "http/percent.hpp"

#include <algorithm>

namespace aerie { inline namespace v1 { namespace http {

namespace {

bool has_dots(std::string_view segment) noexcept {
  while (true) {
    auto const end = std::min(segment.find_first_of("/\\"), segment.size());
    auto const part = segment.substr(0, end);
    if (part == "." || part == "..") return true;
    if (end == segment.size()) return false;
    segment.remove_prefix(end + 1);
  }
}

/// Appends a decoded segment so that it can be told from several.
void append_segment(std::string& text, std::string_view segment) {
  for (char const c : segment) {
    if (c == '/') {
      text.append("%2F");
    } else if (c == '%') {
      text.append("%25");
    } else {
      text.push_back(c);
    }
  }
}

}  // namespace

Path::Path(std::string_view raw) : text_(raw) {
  auto const has_escapes = raw.find('%') != raw.npos;
  if (!has_escapes && raw.find("/.") == raw.npos && raw.find('\\') == raw.npos) return;
  auto rest = raw;
  while (true) {
    auto const end = std::min(rest.find('/'), rest.size());
    auto const segment = percent_decode_strictly(rest.substr(0, end));
    if (!segment || segment->find('\0') != segment->npos) {
      kind_ = Kind::malformed;
      return;
    }
    if (has_dots(*segment)) kind_ = Kind::dotted;
    if (has_escapes) append_segment(decoded_, *segment);
    if (end == rest.size()) break;
    if (has_escapes) decoded_.push_back('/');
    rest.remove_prefix(end + 1);
  }
  if (has_escapes) text_ = decoded_;
}

std::string normal_path(std::string_view raw) {
  Path const path(raw);
  return std::string(path.kind() == Path::Kind::malformed ? raw : path.text());
}

}}}  // namespace aerie::v1::http
