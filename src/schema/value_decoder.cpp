#include "schema/value_decoder.hpp"

#include <aerie/schema/codec.hpp>

namespace aerie { inline namespace v1 { namespace schema {

ValueKind ValueDecoder::peek() {
  if (!ok()) return ValueKind::undefined;
  return next_->is_number() ? ValueKind::number : next_->kind();
}

bool ValueDecoder::expect(ValueKind kind, std::string_view expected) {
  return ok() && (peek() == kind || fail_expecting(expected));
}

bool ValueDecoder::read_boolean(bool& value) {
  if (!expect(ValueKind::boolean, "a boolean")) return false;
  value = next_->as_bool();
  return true;
}

bool ValueDecoder::read_number(Number& value) {
  if (!expect(ValueKind::number, "a number")) return false;
  if (auto const integer = next_->get_if<std::int64_t>()) {
    value = {.kind = Number::Kind::integer, .integer = *integer};
  } else {
    value = {.kind = Number::Kind::real, .real = next_->as_double()};
  }
  return true;
}

bool ValueDecoder::read_string(std::string_view& text) {
  if (!expect(ValueKind::string, "a string")) return false;
  text = next_->as_string();
  return true;
}

bool ValueDecoder::read_date(Date& value) {
  if (!ok()) return false;
  if (next_->is_date()) {
    value = next_->as_date();
    return value.is_valid() || fail_invalid_date();
  }
  if (!expect(ValueKind::string, "a date")) return false;
  auto const date = Date::from_iso_string(next_->as_string());
  if (!date) return fail_date();
  value = *date;
  return true;
}

bool ValueDecoder::read_bytes(Bytes& value) {
  if (!expect(ValueKind::bytes, "bytes")) return false;
  value = next_->as_bytes();
  return true;
}

bool ValueDecoder::read_value(Value& value) {
  if (!ok()) return false;
  value = *next_;
  return true;
}

bool ValueDecoder::read_json(std::string& text) {
  if (!ok()) return false;
  text = json::stringify(*next_);
  return true;
}

bool ValueDecoder::begin_array() {
  if (!expect(ValueKind::array, "an array")) return false;
  open_.push_back({.container = next_, .next_index = 0});
  return true;
}

bool ValueDecoder::next_element() {
  if (!ok()) return false;
  Open& current = open_.back();
  Array const& elements = current.container->as_array();
  if (current.next_index == elements.size()) {
    open_.pop_back();
    return false;
  }
  next_ = &elements[current.next_index++];
  return true;
}

bool ValueDecoder::begin_object() {
  if (!expect(ValueKind::object, "an object")) return false;
  open_.push_back({.container = next_, .next_index = 0});
  return true;
}

bool ValueDecoder::next_member(std::string_view& key) {
  if (!ok()) return false;
  Open& current = open_.back();
  Object const& members = current.container->as_object();
  if (current.next_index == members.size()) {
    open_.pop_back();
    return false;
  }
  auto const member = members.begin() + static_cast<std::ptrdiff_t>(current.next_index++);
  key = member->key;
  next_ = &member->value;
  return true;
}

}}}  // namespace aerie::v1::schema
