#include "schema/json_scanner.hpp"
#include "schema/json_text.hpp"

#include <aerie/core/ascii.hpp>
#include <aerie/schema/json_scan.hpp>

namespace aerie { inline namespace v1 { namespace json {

std::string_view to_string(ScanError error) {
  switch (error) {
    case ScanError::none:
      return "the text is valid";
    case ScanError::syntax:
      return "the text is not valid JSON";
    case ScanError::depth:
      return "arrays and objects are nested too deeply";
    case ScanError::not_an_array:
      return "the text is valid JSON but not an array";
    case ScanError::illegal_attachment:
      return "a placeholder points to no attachment";
  }
  return "the text is not valid JSON";
}

// What the members of an object say about its being a placeholder. As in JavaScript the last of two equal
// keys counts.
struct Scanner::Placeholder {
  bool is_marked = false;
  bool has_valid_index = false;

  void note(std::string_view key, std::string_view value, std::size_t attachments) {
    if (key.find('\\') != std::string_view::npos) {
      std::string plain;
      append_unescaped(plain, key);
      note_plain(plain, value, attachments);
    } else {
      note_plain(key, value, attachments);
    }
  }

  void note_plain(std::string_view key, std::string_view value, std::size_t attachments) {
    if (key == "_placeholder") is_marked = value == "true";
    if (key == "num") has_valid_index = is_index(value, attachments);
  }

  static bool is_index(std::string_view value, std::size_t attachments) {
    if (value.front() != '-' && !core::is_digit(value.front())) return false;
    double const index = parse_number(value).as_double();
    return index >= 0 && index < static_cast<double>(attachments) &&
           index == static_cast<double>(static_cast<std::size_t>(index));
  }

  bool is_illegal() const { return is_marked && !has_valid_index; }
};

bool Scanner::fail(ScanError error) {
  error_ = error;
  return false;
}

bool Scanner::advance_to(char const* at) {
  if (at == nullptr) return fail(ScanError::syntax);
  at_ = at;
  return true;
}

bool Scanner::enter() {
  if (depth_left_ == 0) return fail(ScanError::depth);
  --depth_left_;
  ++at_;
  return true;
}

bool Scanner::leave() {
  ++depth_left_;
  return true;
}

bool Scanner::finish() {
  at_ = skip_whitespace(at_, end_);
  return at_ == end_ || fail(ScanError::syntax);
}

bool Scanner::skip_value() {
  at_ = skip_whitespace(at_, end_);
  if (at_ == end_) return fail(ScanError::syntax);
  switch (*at_) {
    case '"':
      return skip_string();
    case '{':
      return skip_object();
    case '[':
      return skip_array();
    case 't':
      return advance_to(scan_literal(at_, end_, "true"));
    case 'f':
      return advance_to(scan_literal(at_, end_, "false"));
    case 'n':
      return advance_to(scan_literal(at_, end_, "null"));
    default:
      return advance_to(scan_number(at_, end_));
  }
}

bool Scanner::skip_string() {
  bool has_escapes = false;
  return advance_to(scan_string(at_ + 1, end_, has_escapes));
}

// Walks over what stands behind an item: a comma, or the bracket that ends the container.
bool Scanner::next_item(char closing, bool& has_next) {
  at_ = skip_whitespace(at_, end_);
  if (at_ == end_ || (*at_ != ',' && *at_ != closing)) return fail(ScanError::syntax);
  has_next = *at_++ == ',';
  return true;
}

bool Scanner::skip_array() {
  if (!enter()) return false;
  at_ = skip_whitespace(at_, end_);
  bool has_next = at_ == end_ || *at_ != ']';
  if (!has_next) ++at_;
  while (has_next) {
    if (!skip_value() || !next_item(']', has_next)) return false;
  }
  return leave();
}

bool Scanner::skip_array(ElementList& elements) {
  if (!enter()) return false;
  at_ = skip_whitespace(at_, end_);
  bool has_next = at_ == end_ || *at_ != ']';
  if (!has_next) ++at_;
  while (has_next) {
    at_ = skip_whitespace(at_, end_);
    char const* const begin = at_;
    if (!skip_value()) return false;
    elements.push_back({begin, static_cast<std::size_t>(at_ - begin)});
    if (!next_item(']', has_next)) return false;
  }
  return leave();
}

bool Scanner::skip_key(std::string_view& key) {
  at_ = skip_whitespace(at_, end_);
  if (at_ == end_ || *at_ != '"') return fail(ScanError::syntax);
  char const* const begin = at_ + 1;
  if (!skip_string()) return false;
  key = {begin, static_cast<std::size_t>(at_ - begin - 1)};
  return true;
}

bool Scanner::skip_colon() {
  at_ = skip_whitespace(at_, end_);
  if (at_ == end_ || *at_ != ':') return fail(ScanError::syntax);
  ++at_;
  at_ = skip_whitespace(at_, end_);
  return true;
}

bool Scanner::skip_object() {
  if (!enter()) return false;
  Placeholder placeholder;
  at_ = skip_whitespace(at_, end_);
  bool has_next = at_ == end_ || *at_ != '}';
  if (!has_next) ++at_;
  while (has_next) {
    std::string_view key;
    if (!skip_key(key) || !skip_colon()) return false;
    char const* const begin = at_;
    if (!skip_value()) return false;
    if (attachments_) placeholder.note(key, {begin, static_cast<std::size_t>(at_ - begin)}, *attachments_);
    if (!next_item('}', has_next)) return false;
  }
  if (placeholder.is_illegal()) return fail(ScanError::illegal_attachment);
  return leave();
}

ScanError scan_array(std::string_view text, ElementList& elements, std::optional<std::size_t> attachments,
                     std::size_t max_depth) {
  elements.clear();
  text.remove_prefix(
      static_cast<std::size_t>(skip_whitespace(text.data(), text.data() + text.size()) - text.data()));
  Scanner scanner(text, attachments, max_depth);
  if (text.starts_with('[')) {
    return scanner.skip_array(elements) && scanner.finish() ? ScanError::none : scanner.error();
  }
  return scanner.skip_value() && scanner.finish() ? ScanError::not_an_array : scanner.error();
}

ScanError validate(std::string_view text, std::optional<std::size_t> attachments, std::size_t max_depth) {
  Scanner scanner(text, attachments, max_depth);
  return scanner.skip_value() && scanner.finish() ? ScanError::none : scanner.error();
}

}}}  // namespace aerie::v1::json
