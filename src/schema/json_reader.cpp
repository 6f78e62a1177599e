#include "schema/json_scanner.hpp"
#include "schema/json_text.hpp"

#include <aerie/core/ascii.hpp>
#include <aerie/schema/json.hpp>

namespace aerie { inline namespace v1 { namespace json {

Reader::Reader(std::string_view text, std::size_t max_depth)
    : at_(text.data()), end_(text.data() + text.size()), begin_(text.data()), depth_left_(max_depth) {}

Reader::Reader(std::string_view text, std::span<Bytes const> attachments, std::size_t max_depth)
    : Reader(text, max_depth) {
  attachments_ = attachments;
}

bool Reader::fail_syntax() {
  if (at_ == end_) return fail(DecodeErrorCode::syntax, "malformed JSON: the text ends too early");
  return fail(DecodeErrorCode::syntax, "malformed JSON at byte " + std::to_string(at_ - begin_));
}

void Reader::skip_whitespace() {
  at_ = json::skip_whitespace(at_, end_);
}

bool Reader::finish() {
  if (!ok()) return false;
  skip_whitespace();
  return at_ == end_ || fail_syntax();
}

ValueKind Reader::peek() {
  if (!ok()) return ValueKind::undefined;
  skip_whitespace();
  if (at_ != end_) {
    switch (*at_) {
      case '"':
        return ValueKind::string;
      case '{':
        return ValueKind::object;
      case '[':
        return ValueKind::array;
      case 't':
      case 'f':
        return ValueKind::boolean;
      case 'n':
        return ValueKind::null;
      default:
        if (*at_ == '-' || core::is_digit(*at_)) return ValueKind::number;
    }
  }
  fail_syntax();
  return ValueKind::undefined;
}

bool Reader::read_boolean(bool& value) {
  if (peek() != ValueKind::boolean) return fail_expecting("a boolean");
  value = *at_ == 't';
  char const* const after = scan_literal(at_, end_, value ? "true" : "false");
  if (after == nullptr) return fail_syntax();
  at_ = after;
  return true;
}

bool Reader::read_number(Number& value) {
  if (peek() != ValueKind::number) return fail_expecting("a number");
  char const* const after = scan_number(at_, end_);
  if (after == nullptr) return fail_syntax();
  value = parse_number({at_, static_cast<std::size_t>(after - at_)});
  at_ = after;
  return true;
}

bool Reader::read_string(std::string_view& text) {
  return peek() == ValueKind::string ? take_string(text) : fail_expecting("a string");
}

// Stands at its opening quote.
inline bool Reader::take_string(std::string_view& text) {
  char const* const begin = at_ + 1;
  bool has_escapes = false;
  char const* const after = scan_string(begin, end_, has_escapes);
  if (after == nullptr) return fail_syntax();
  at_ = after;
  text = {begin, static_cast<std::size_t>(after - begin - 1)};
  if (has_escapes) {
    unescaped_.clear();
    append_unescaped(unescaped_, text);
    text = unescaped_;
  }
  return true;
}

bool Reader::read_date(Date& value) {
  if (peek() != ValueKind::string) return fail_expecting("a date");
  std::string_view text;
  if (!read_string(text)) return false;
  auto const date = Date::from_iso_string(text);
  if (!date) return fail_date();
  value = *date;
  return true;
}

bool Reader::read_bytes(Bytes& value) {
  if (peek() != ValueKind::object || !attachments_) return fail_expecting("bytes");
  Value object;
  if (!read_object(object)) return false;
  if (!object.is_bytes()) return fail(DecodeErrorCode::wrong_type, "expected bytes, got an object");
  value = object.as_bytes();
  return true;
}

bool Reader::skip() {
  if (!ok()) return false;
  Scanner scanner({at_, static_cast<std::size_t>(end_ - at_)}, std::nullopt, depth_left_);
  bool const is_valid = scanner.skip_value();
  at_ = scanner.position();
  if (is_valid) return true;
  return scanner.error() == ScanError::depth
             ? fail(DecodeErrorCode::depth, "arrays and objects are nested too deeply")
             : fail_syntax();
}

bool Reader::read_json(std::string& text) {
  skip_whitespace();
  char const* const begin = at_;
  if (!skip()) return false;
  text.assign(begin, at_);
  return true;
}

bool Reader::begin(char opening, std::string_view expected) {
  if (peek() == ValueKind::undefined || *at_ != opening) return fail_expecting(expected);
  if (depth_left_ == 0) return fail(DecodeErrorCode::depth, "arrays and objects are nested too deeply");
  --depth_left_;
  ++at_;
  is_first_ = true;
  return true;
}

// Stands behind an item or an opening bracket, and walks to the next item or behind the closing bracket.
bool Reader::next_item(char closing) {
  if (!ok()) return false;
  bool const is_first = std::exchange(is_first_, false);
  skip_whitespace();
  if (at_ == end_) return fail_syntax();
  if (*at_ == closing) {
    ++at_;
    ++depth_left_;
    return false;
  }
  if (is_first) return true;
  if (*at_ != ',') return fail_syntax();
  ++at_;
  return true;
}

bool Reader::begin_array() {
  return begin('[', "an array");
}
bool Reader::next_element() {
  return next_item(']');
}
bool Reader::begin_object() {
  return begin('{', "an object");
}

bool Reader::next_member(std::string_view& key) {
  if (!next_item('}')) return false;
  skip_whitespace();
  if (at_ == end_ || *at_ != '"') return fail_syntax();
  if (!take_string(key)) return false;
  skip_whitespace();
  if (at_ == end_ || *at_ != ':') return fail_syntax();
  ++at_;
  return true;
}

bool Reader::read_value(Value& value) {
  switch (peek()) {
    case ValueKind::boolean: {
      bool boolean = false;
      if (!read_boolean(boolean)) return false;
      value = boolean;
      return true;
    }
    case ValueKind::number: {
      Number number;
      if (!read_number(number)) return false;
      value = number.kind == Number::Kind::integer ? Value(number.integer) : Value(number.as_double());
      return true;
    }
    case ValueKind::string: {
      std::string_view text;
      if (!take_string(text)) return false;
      value = text;
      return true;
    }
    case ValueKind::array:
      return read_array(value);
    case ValueKind::object:
      return read_object(value);
    default:
      if (!skip()) return false;
      value = nullptr;
      return true;
  }
}

bool Reader::read_array(Value& value) {
  if (!begin_array()) return false;
  Array elements;
  for (std::size_t i = 0; next_element(); ++i) {
    if (i == 0) elements.reserve(4);
    if (!read_value(elements.emplace_back())) return in(i);
  }
  value = std::move(elements);
  return ok();
}

bool Reader::read_object(Value& value) {
  if (!begin_object()) return false;
  Object members;
  std::string_view key;
  while (next_member(key)) {
    if (members.empty()) members.reserve(8);
    // The member is made first: reading its value may overwrite the buffer that the key is a view of.
    Value& member = members.set(key, Value());
    if (!read_value(member)) return false;
  }
  if (!ok()) return false;
  value = std::move(members);
  return !attachments_ || resolve_placeholder(value);
}

// Replaces an object that stands for an attachment.
bool Reader::resolve_placeholder(Value& value) {
  auto const is_marked = value["_placeholder"].get_if<bool>();
  if (!is_marked || !*is_marked) return true;
  auto const index = value["num"].get_if<double>();
  bool const is_index = index && *index >= 0 && *index < static_cast<double>(attachments_->size()) &&
                        *index == static_cast<double>(static_cast<std::size_t>(*index));
  if (!is_index) return fail(DecodeErrorCode::illegal_attachment, "a placeholder points to no attachment");
  value = (*attachments_)[static_cast<std::size_t>(*index)];
  return true;
}

}}}  // namespace aerie::v1::json
