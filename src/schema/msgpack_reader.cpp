#include "schema/msgpack_item.hpp"

#include <aerie/core/utf8.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/msgpack.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace msgpack {
namespace {

// Memory is taken at once for so many elements; the sizes of arrays within arrays may claim much more
// together than the message holds.
constexpr std::size_t believed_size = 256;

Value number_value(Number const& number) {
  return number.kind == Number::Kind::integer ? Value(number.integer) : Value(number.as_double());
}

}  // namespace

Reader::Reader(std::string_view bytes, std::size_t max_depth)
    : at_(bytes.data()), end_(bytes.data() + bytes.size()), max_depth_(max_depth) {}

bool Reader::fail_syntax(std::string message) {
  return fail(DecodeErrorCode::syntax, std::move(message));
}

bool Reader::finish() {
  return ok() && (at_ == end_ || fail_syntax("something follows the value"));
}

ValueKind Reader::peek() {
  Item item;
  if (!ok() || read_item(at_, end_, item) == nullptr) return ValueKind::undefined;
  return item.kind;
}

// The next item, which has to be of this kind. Returns where its content begins, null if it is none.
char const* Reader::next(ValueKind kind, std::string_view expected, Item& item) {
  if (!ok()) return nullptr;
  char const* const content = read_item(at_, end_, item);
  if (content != nullptr && item.kind == kind) return content;
  content == nullptr ? fail_syntax() : fail_expecting(expected);
  return nullptr;
}

bool Reader::read_boolean(bool& value) {
  Item item;
  char const* const behind = next(ValueKind::boolean, "a boolean", item);
  if (behind == nullptr) return false;
  at_ = behind;
  value = item.boolean;
  return true;
}

bool Reader::read_number(Number& value) {
  Item item;
  char const* const behind = next(ValueKind::number, "a number", item);
  if (behind == nullptr) return false;
  at_ = behind;
  value = item.number;
  return true;
}

bool Reader::read_string(std::string_view& text) {
  Item item;
  char const* const content = next(ValueKind::string, "a string", item);
  if (content == nullptr) return false;
  text = {content, item.size};
  if (!utf8::is_valid(text)) return fail_syntax("a string is not valid UTF-8");
  at_ = content + item.size;
  return true;
}

bool Reader::read_date(Date& value) {
  if (peek() == ValueKind::string) {
    std::string_view text;
    if (!read_string(text)) return false;
    auto const date = Date::from_iso_string(text);
    value = date.value_or(Date());
    return date || fail_date();
  }
  Item item;
  char const* const behind = next(ValueKind::date, "a date", item);
  if (behind == nullptr) return false;
  at_ = behind;
  value = item.date;
  return value.is_valid() || fail_invalid_date();
}

bool Reader::read_bytes(Bytes& value) {
  Item item;
  char const* const content = next(ValueKind::bytes, "bytes", item);
  if (content == nullptr) return false;
  value = Bytes(std::string_view(content, item.size));
  at_ = content + item.size;
  return true;
}

bool Reader::read_array(Value& value, std::size_t size) {
  Array elements;
  elements.reserve(std::min(size, believed_size));
  if (!begin_array()) return false;
  while (next_element()) {
    if (!read_value(elements.emplace_back())) return in(elements.size() - 1);
  }
  value = std::move(elements);
  return ok();
}

bool Reader::read_object(Value& value, std::size_t size) {
  Object members;
  members.reserve(std::min(size, believed_size));
  if (!begin_object()) return false;
  std::string_view key;
  while (next_member(key)) {
    Value& member = members.set(key, Value());
    if (!read_value(member)) return in(key);
  }
  value = std::move(members);
  return ok();
}

bool Reader::read_value(Value& value) {
  if (!ok()) return false;
  Item item;
  char const* const behind = read_item(at_, end_, item);
  if (behind == nullptr) return fail_syntax();
  switch (item.kind) {
    case ValueKind::string: {
      std::string_view text;
      if (!read_string(text)) return false;
      value = text;
      return true;
    }
    case ValueKind::bytes: {
      Bytes bytes;
      if (!read_bytes(bytes)) return false;
      value = std::move(bytes);
      return true;
    }
    case ValueKind::array:
      return read_array(value, item.size);
    case ValueKind::object:
      return read_object(value, item.size);
    case ValueKind::boolean:
      value = item.boolean;
      break;
    case ValueKind::date:
      value = item.date;
      break;
    case ValueKind::null:
      value = nullptr;
      break;
    case ValueKind::undefined:
      value = Value();
      break;
    case ValueKind::integer:
    case ValueKind::number:
      value = number_value(item.number);
      break;
  }
  at_ = behind;
  return true;
}

bool Reader::read_json(std::string& text) {
  Value value;
  if (!read_value(value)) return false;
  text = json::stringify(value);
  return true;
}

bool Reader::skip() {
  if (!ok()) return false;
  std::size_t const outer = open_.size();
  do {
    Item item;
    char const* const behind = read_item(at_, end_, item);
    if (behind == nullptr) return fail_syntax();
    if (item.kind == ValueKind::array) {
      if (!begin_array()) return false;
    } else if (item.kind == ValueKind::object) {
      if (!begin_object()) return false;
    } else if (item.kind == ValueKind::string) {
      std::string_view text;
      if (!read_string(text)) return false;
    } else {
      at_ = behind + (item.kind == ValueKind::bytes ? item.size : 0);
    }
  } while (leave_finished(outer));
  return ok();
}

bool Reader::begin(ValueKind kind, std::string_view expected) {
  Item item;
  char const* const behind = next(kind, expected, item);
  if (behind == nullptr) return false;
  if (open_.size() == max_depth_) {
    return fail(DecodeErrorCode::depth, "arrays and objects are nested too deeply");
  }
  at_ = behind;
  open_.push_back({.items_left = item.size, .is_map = kind == ValueKind::object});
  return true;
}

bool Reader::begin_array() {
  return begin(ValueKind::array, "an array");
}

bool Reader::begin_object() {
  return begin(ValueKind::object, "an object");
}

bool Reader::next_item() {
  if (!ok()) return false;
  if (open_.back().items_left == 0) {
    open_.pop_back();
    return false;
  }
  --open_.back().items_left;
  return true;
}

bool Reader::next_element() {
  return next_item();
}

bool Reader::next_member(std::string_view& key) {
  return next_item() && read_key(key);
}

bool Reader::read_key(std::string_view& key) {
  return peek() == ValueKind::string ? read_string(key) : fail_syntax("a key is not a string");
}

// Goes on to the next value within the containers that were begun after the first `outer` ones. False if
// there is none.
bool Reader::leave_finished(std::size_t outer) {
  while (open_.size() > outer) {
    bool const is_map = open_.back().is_map;
    if (!next_item()) continue;
    std::string_view key;
    return !is_map || read_key(key);
  }
  return false;
}

}}}  // namespace aerie::v1::msgpack
