#include <aerie/core/immortal.hpp>
#include <aerie/schema/value.hpp>

#include <cmath>
#include <memory>
#include <new>

namespace aerie { inline namespace v1 {

std::string_view to_string(ValueKind kind) {
  switch (kind) {
    case ValueKind::undefined:
      return "undefined";
    case ValueKind::null:
      return "null";
    case ValueKind::boolean:
      return "a boolean";
    case ValueKind::integer:
      return "a number";
    case ValueKind::number:
      return "a number";
    case ValueKind::string:
      return "a string";
    case ValueKind::bytes:
      return "bytes";
    case ValueKind::date:
      return "a date";
    case ValueKind::array:
      return "an array";
    case ValueKind::object:
      return "an object";
  }
  return "a value";
}

Value::Value(std::string_view text) : kind_(ValueKind::string) {
  if (text.size() <= short_capacity) {
    if (!text.empty()) std::memcpy(raw_, text.data(), text.size());
    detail_ = static_cast<std::uint8_t>(text.size());
    return;
  }
  ::new (static_cast<void*>(raw_)) Bytes(text);
  detail_ = long_text;
}

Value::Value(Bytes bytes) noexcept : kind_(ValueKind::bytes) {
  ::new (static_cast<void*>(raw_)) Bytes(std::move(bytes));
}

Value::Value(Array array) {
  store(new Array(std::move(array)));
  kind_ = ValueKind::array;
}

Value::Value(Object object) {
  store(new Object(std::move(object)));
  kind_ = ValueKind::object;
}

Value Value::array(std::initializer_list<Value> elements) {
  return Array(elements);
}

Value Value::object(std::initializer_list<Member> members) {
  return Object(members);
}

void Value::copy(Value const& other) {
  if (!other.owns_memory()) {
    std::memcpy(static_cast<void*>(this), static_cast<void const*>(&other), sizeof(Value));
    return;
  }
  // The kind is set last: until then this value is undefined and destroys nothing if the copy throws.
  switch (other.kind_) {
    case ValueKind::array:
      store(new Array(*other.load<Array const*>()));
      break;
    case ValueKind::object:
      store(new Object(*other.load<Object const*>()));
      break;
    default:
      ::new (static_cast<void*>(raw_)) Bytes(other.bytes());
      break;
  }
  detail_ = other.detail_;
  kind_ = other.kind_;
}

void Value::destroy() noexcept {
  switch (kind_) {
    case ValueKind::array:
      delete load<Array*>();
      break;
    case ValueKind::object:
      delete load<Object*>();
      break;
    default:
      bytes().~Bytes();
      break;
  }
}

void Value::refuse(std::string_view expected) const {
  throw ValueError("expected " + std::string(expected) + ", got " + std::string(to_string(kind_)));
}

Value const& Value::undefined() noexcept {
  static core::Immortal<Value> const value;
  return *value;
}

bool Value::as_bool() const {
  if (kind_ != ValueKind::boolean) refuse("a boolean");
  return load<bool>();
}

std::int64_t Value::as_int() const {
  if (kind_ == ValueKind::integer) return load<std::int64_t>();
  if (kind_ != ValueKind::number) refuse("a number");
  double const number = load<double>();
  constexpr double limit = 9223372036854775808.0;
  if (!(number >= -limit && number < limit) || std::trunc(number) != number) {
    throw ValueError("expected an integer, got a number that is none or out of range");
  }
  return static_cast<std::int64_t>(number);
}

double Value::as_double() const {
  if (kind_ == ValueKind::integer) return static_cast<double>(load<std::int64_t>());
  if (kind_ != ValueKind::number) refuse("a number");
  return load<double>();
}

std::string_view Value::as_string() const {
  if (kind_ != ValueKind::string) refuse("a string");
  return text();
}

Bytes const& Value::as_bytes() const {
  if (kind_ != ValueKind::bytes) refuse("bytes");
  return bytes();
}

Date Value::as_date() const {
  if (kind_ != ValueKind::date) refuse("a date");
  return load<Date>();
}

Array const& Value::as_array() const {
  if (kind_ != ValueKind::array) refuse("an array");
  return *load<Array const*>();
}

Array& Value::as_array() {
  if (kind_ != ValueKind::array) refuse("an array");
  return *load<Array*>();
}

Object const& Value::as_object() const {
  if (kind_ != ValueKind::object) refuse("an object");
  return *load<Object const*>();
}

Object& Value::as_object() {
  if (kind_ != ValueKind::object) refuse("an object");
  return *load<Object*>();
}

Value const& Value::operator[](std::string_view key) const noexcept {
  return kind_ == ValueKind::object ? (*load<Object const*>())[key] : undefined();
}

Value const& Value::element(std::size_t index) const noexcept {
  if (kind_ != ValueKind::array) return undefined();
  Array const& elements = *load<Array const*>();
  return index < elements.size() ? elements[index] : undefined();
}

Value const& Value::at(std::string_view key) const {
  Value const* const member = as_object().find(key);
  if (member == nullptr) throw ValueError("expected a member \"" + std::string(key) + "\", there is none");
  return *member;
}

Value const& Value::at(std::size_t index) const {
  Array const& elements = as_array();
  if (index >= elements.size()) {
    throw ValueError("expected an element " + std::to_string(index) + ", there are " +
                     std::to_string(elements.size()));
  }
  return elements[index];
}

std::size_t Value::size() const noexcept {
  if (kind_ == ValueKind::array) return load<Array const*>()->size();
  if (kind_ == ValueKind::object) return load<Object const*>()->size();
  return 0;
}

bool operator==(Value const& a, Value const& b) noexcept {
  if (a.kind_ != b.kind_) return a.is_number() && b.is_number() && a.as_double() == b.as_double();
  switch (a.kind_) {
    case ValueKind::undefined:
    case ValueKind::null:
      return true;
    case ValueKind::boolean:
      return a.load<bool>() == b.load<bool>();
    case ValueKind::integer:
      return a.load<std::int64_t>() == b.load<std::int64_t>();
    case ValueKind::number:
      return a.load<double>() == b.load<double>();
    case ValueKind::string:
      return a.text() == b.text();
    case ValueKind::bytes:
      return a.bytes() == b.bytes();
    case ValueKind::date:
      return a.load<Date>() == b.load<Date>();
    case ValueKind::array:
      return *a.load<Array const*>() == *b.load<Array const*>();
    case ValueKind::object:
      return *a.load<Object const*>() == *b.load<Object const*>();
  }
  return false;
}

}}  // namespace aerie::v1
