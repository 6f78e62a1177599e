#include "http/characters.hpp"
#include "http/percent.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/utf8.hpp>
#include <aerie/http/multipart.hpp>
#include <aerie/http/request_head.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace http {

namespace {

constexpr std::size_t longest_boundary = 70;
constexpr std::string_view line_end = "\r\n";
constexpr std::string_view end_of_header = "\r\n\r\n";

constexpr MultipartError malformed_header{400, "Malformed part header"};
constexpr MultipartError unexpected_end{400, "Unexpected end of form"};

/// One parameter behind a `;`, taken off `rest`: a token or a quoted text, in which browsers escape a quote
/// as
/// `%22` and others as `\"`. False if it is malformed.
bool take_parameter(std::string_view& rest, std::string_view& name, std::string& value) {
  rest = trim(rest);
  auto const equals = rest.find('=');
  if (equals == rest.npos) return false;
  name = trim(rest.substr(0, equals));
  rest = trim(rest.substr(equals + 1));
  value.clear();
  if (!rest.starts_with('"')) {
    auto const end = std::min(rest.find(';'), rest.size());
    value = trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return !value.empty() && value.find_first_of("\" \t") == value.npos;
  }
  std::size_t at = 1;
  for (; at < rest.size() && rest[at] != '"'; ++at) {
    // A backslash stands for itself before anything but what must be escaped: old browsers send whole paths.
    auto const escapes =
        rest[at] == '\\' && at + 1 < rest.size() && (rest[at + 1] == '"' || rest[at + 1] == '\\');
    if (escapes) ++at;
    value.push_back(rest[at]);
  }
  if (at == rest.size()) return false;
  rest = trim(rest.substr(at + 1));
  if (rest.empty()) return true;
  if (!rest.starts_with(';')) return false;
  rest.remove_prefix(1);
  return true;
}

/// The text of `UTF-8''na%C3%AFve` (RFC 5987); empty if it is of another charset.
std::string extended_value(std::string const& value) {
  auto const language = value.find('\'');
  auto const text = language == value.npos ? value.npos : value.find('\'', language + 1);
  if (text == value.npos || !equal_ignoring_case(std::string_view(value).substr(0, language), "utf-8"))
    return {};
  return percent_decode(std::string_view(value).substr(text + 1), PlusSign::is_plus);
}

/// The last name of a path, whichever way its folders are written.
std::string without_folders(std::string const& name) {
  auto const slash = name.find_last_of("/\\");
  auto last = slash == name.npos ? name : name.substr(slash + 1);
  return last == "." || last == ".." ? std::string() : last;
}

std::string readable(std::string text) {
  for (auto const& [escape, character] :
       {std::pair<std::string_view, char>{"%22", '"'}, {"%0D", '\r'}, {"%0A", '\n'}}) {
    for (auto at = text.find(escape); at != text.npos; at = text.find(escape, at + 1))
      text.replace(at, escape.size(), 1, character);
  }
  return text;
}

bool read_disposition(std::string_view value, MultipartPart& part) {
  auto const semicolon = value.find(';');
  if (!equal_ignoring_case(trim(value.substr(0, semicolon)), "form-data") || semicolon == value.npos)
    return false;
  auto rest = value.substr(semicolon + 1);
  auto named = false;
  std::optional<std::string> extended;
  while (!trim(rest).empty()) {
    std::string_view name;
    std::string text;
    if (!take_parameter(rest, name, text)) return false;
    if (equal_ignoring_case(name, "name")) {
      part.name = readable(std::move(text));
      named = true;
    } else if (equal_ignoring_case(name, "filename")) {
      part.file_name = without_folders(readable(std::move(text)));
    } else if (equal_ignoring_case(name, "filename*")) {
      extended = without_folders(extended_value(text));
    }
  }
  if (extended && !extended->empty()) part.file_name = std::move(extended);
  return named;
}

/// The header of a part, all of its lines but the empty one.
bool read_header(std::string_view lines, MultipartPart& part) {
  auto disposed = false;
  part.type = "text/plain";
  while (!lines.empty()) {
    auto const line = lines.substr(0, lines.find(line_end));
    lines.remove_prefix(std::min(line.size() + line_end.size(), lines.size()));
    auto const colon = line.find(':');
    if (colon == 0 || colon == line.npos || !all_in(token_characters, line.substr(0, colon))) return false;
    auto const name = line.substr(0, colon);
    auto const value = trim(line.substr(colon + 1));
    if (equal_ignoring_case(name, "content-disposition")) {
      if (std::exchange(disposed, true) || !read_disposition(value, part)) return false;
    } else if (equal_ignoring_case(name, "content-type")) {
      part.type = value;
    } else if (equal_ignoring_case(name, "content-transfer-encoding")) {
      // Deprecated (RFC 7578 §4.7), and a second reading of the same bytes: only what changes nothing is
      // taken.
      if (!equal_ignoring_case(value, "binary") && !equal_ignoring_case(value, "8bit") &&
          !equal_ignoring_case(value, "7bit"))
        return false;
    }
  }
  return disposed && utf8::is_valid(part.name) && (!part.file_name || utf8::is_valid(*part.file_name));
}

/// Reads parts one after the other.
class Reader {
 public:
  Reader(std::string_view body, std::string_view boundary, MultipartLimits const& limits)
      : body_(body), delimiter_(core::concat(line_end, "--", boundary)), limits_(limits) {}

  MultipartForm read() {
    MultipartForm form;
    form.error = read_into(form.parts);
    if (form.error) form.parts.clear();
    return form;
  }

 private:
  std::optional<MultipartError> read_into(std::vector<MultipartPart>& parts) {
    // The first delimiter may stand at the very beginning; what is before it is nobody's (RFC 2046 §5.1.1).
    auto const first = std::string_view(delimiter_).substr(line_end.size());
    if (body_.starts_with(first)) {
      body_.remove_prefix(first.size());
    } else if (!skip_behind(delimiter_)) {
      return unexpected_end;
    }
    while (!body_.starts_with("--")) {
      if (!take_end_of_line()) return unexpected_end;
      MultipartPart part;
      if (auto error = read_part(part)) return error;
      parts.push_back(std::move(part));
    }
    return std::nullopt;
  }

  std::optional<MultipartError> read_part(MultipartPart& part) {
    auto const end_of_lines =
        body_.substr(0, limits_.max_header_bytes + end_of_header.size()).find(end_of_header);
    if (end_of_lines == body_.npos)
      return body_.size() <= limits_.max_header_bytes ? unexpected_end : malformed_header;
    auto const header = body_.substr(0, end_of_lines);
    body_.remove_prefix(end_of_lines + end_of_header.size());
    if (!read_header(header, part)) return malformed_header;
    if (part.name.size() > limits_.max_name_bytes) return MultipartError{400, "Field name too long"};
    auto const is_file = part.file_name.has_value();
    if (is_file && ++files_ > limits_.max_files) return MultipartError{400, "Too many files"};
    if (!is_file && ++fields_ > limits_.max_fields) return MultipartError{400, "Too many fields"};
    auto const end = body_.find(delimiter_);
    if (end == body_.npos) return unexpected_end;
    part.content = body_.substr(0, end);
    body_.remove_prefix(end + delimiter_.size());
    if (is_file && end > limits_.max_file_bytes) return MultipartError{413, "File too large"};
    if (!is_file && end > limits_.max_field_bytes) return MultipartError{400, "Field value too long"};
    return std::nullopt;
  }

  bool skip_behind(std::string_view text) {
    auto const found = body_.find(text);
    if (found == body_.npos) return false;
    body_.remove_prefix(found + text.size());
    return true;
  }

  /// Behind a delimiter there may be spaces.
  bool take_end_of_line() {
    auto const end = std::min(body_.find_first_not_of(" \t"), body_.size());
    body_.remove_prefix(end);
    if (!body_.starts_with(line_end)) return false;
    body_.remove_prefix(line_end.size());
    return true;
  }

  std::string_view body_;
  std::string delimiter_;
  MultipartLimits const& limits_;
  std::size_t files_ = 0;
  std::size_t fields_ = 0;
};

constexpr CharacterClass boundary_characters = characters("'()+_,-./:=? ");

bool is_boundary(std::string_view text) {
  return !text.empty() && text.size() <= longest_boundary && text.back() != ' ' &&
         all_in(boundary_characters, text);
}

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
  auto const semicolon = content_type.find(';');
  if (!equal_ignoring_case(trim(content_type.substr(0, semicolon)), "multipart/form-data"))
    return std::nullopt;
  auto rest = semicolon == content_type.npos ? std::string_view{} : content_type.substr(semicolon + 1);
  while (!trim(rest).empty()) {
    std::string_view name;
    std::string value;
    if (!take_parameter(rest, name, value)) break;
    if (equal_ignoring_case(name, "boundary")) return is_boundary(value) ? value : std::string();
  }
  return std::string();
}

MultipartForm read_multipart(std::string_view body, std::string_view boundary,
                             MultipartLimits const& limits) {
  return Reader(body, boundary, limits).read();
}

}}}  // namespace aerie::v1::http
