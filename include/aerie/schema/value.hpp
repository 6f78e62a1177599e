#pragma once

/// \file
/// Aerie's data model: whatever a JavaScript peer can send. JSON and MessagePack are two spellings of it.

#include <aerie/core/api.hpp>
#include <aerie/schema/bytes.hpp>
#include <aerie/schema/date.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

class Object;
class Value;

/// An array of anything.
using Array = std::vector<Value>;

/// What a Value holds. `integer` and `number` are one type in JavaScript: they compare equal and are written
/// alike.
enum class ValueKind : std::uint8_t {
  undefined,
  null,
  boolean,
  integer,
  number,
  string,
  bytes,
  date,
  array,
  object
};

/// The kind in a sentence: "a string", "an array", "null".
AERIE_API std::string_view to_string(ValueKind kind);

/// Thrown when a Value is asked for what it does not hold: "expected a string, got a number".
class AERIE_API ValueError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One value of any kind, with the meaning of a copy: arrays and objects are copied deeply, long strings and
/// bytes are immutable and shared. Sixteen bytes; strings of up to 14 bytes need no memory of their own.
///
/// Thread contract: as `int`. Copies are independent of each other, also across threads.
class AERIE_API Value {
 public:
  struct Member;

  /// undefined
  Value() noexcept = default;
  Value(std::nullptr_t) noexcept : kind_(ValueKind::null) {}
  template <std::same_as<bool> Boolean>
  Value(Boolean value) noexcept : kind_(ValueKind::boolean) {
    store(value);
  }
  /// An integer; above the largest std::int64_t the nearest double.
  template <std::integral Integer>
  requires(!std::same_as<Integer, bool>) Value(Integer value)
  noexcept;
  Value(double value) noexcept : kind_(ValueKind::number) { store(value); }
  Value(std::string_view text);
  Value(std::string const& text) : Value(std::string_view(text)) {}
  Value(char const* text) : Value(std::string_view(text)) {}
  Value(Bytes bytes) noexcept;
  Value(Date date) noexcept : kind_(ValueKind::date) { store(date); }
  Value(Array array);
  Value(Object object);
  /// A pointer is not a boolean.
  Value(void const*) = delete;

  /// `Value::array({1, "two", nullptr})`
  static Value array(std::initializer_list<Value> elements = {});
  /// `Value::object({{"name", "Ada"}, {"age", 36}})`
  static Value object(std::initializer_list<Member> members = {});

  Value(Value const& other) : Value() { copy(other); }
  Value(Value&& other) noexcept { take(other); }
  Value& operator=(Value other) noexcept {
    if (owns_memory()) destroy();
    take(other);
    return *this;
  }
  ~Value() {
    if (owns_memory()) destroy();
  }

  /// A value that is undefined, for references to what is not there. It is never destroyed.
  static Value const& undefined() noexcept;

  /// What it is; the questions below ask for one kind.
  [[nodiscard]] ValueKind kind() const noexcept { return kind_; }
  /// Not there, as in JavaScript: what a Value is that was given nothing.
  [[nodiscard]] bool is_undefined() const noexcept { return kind_ == ValueKind::undefined; }
  /// JSON's null.
  [[nodiscard]] bool is_null() const noexcept { return kind_ == ValueKind::null; }
  /// True or false.
  [[nodiscard]] bool is_bool() const noexcept { return kind_ == ValueKind::boolean; }
  /// A number of either kind.
  [[nodiscard]] bool is_number() const noexcept {
    return kind_ == ValueKind::integer || kind_ == ValueKind::number;
  }
  /// A text.
  [[nodiscard]] bool is_string() const noexcept { return kind_ == ValueKind::string; }
  /// Binary data.
  [[nodiscard]] bool is_bytes() const noexcept { return kind_ == ValueKind::bytes; }
  /// A date.
  [[nodiscard]] bool is_date() const noexcept { return kind_ == ValueKind::date; }
  /// An array.
  [[nodiscard]] bool is_array() const noexcept { return kind_ == ValueKind::array; }
  /// An object.
  [[nodiscard]] bool is_object() const noexcept { return kind_ == ValueKind::object; }

  /// Each of these throws ValueError if the value is of another kind.
  [[nodiscard]] bool as_bool() const;
  /// Also a double whose value is whole and in range.
  [[nodiscard]] std::int64_t as_int() const;
  /// A number of either kind.
  [[nodiscard]] double as_double() const;
  /// Valid as long as this value is neither changed nor moved.
  [[nodiscard]] std::string_view as_string() const;
  /// Binary data.
  [[nodiscard]] Bytes const& as_bytes() const;
  /// A date.
  [[nodiscard]] Date as_date() const;
  /// An array, to be read or to be changed.
  [[nodiscard]] Array const& as_array() const;
  [[nodiscard]] Array& as_array();
  /// An object, to be read or to be changed.
  [[nodiscard]] Object const& as_object() const;
  [[nodiscard]] Object& as_object();

  /// What the value holds, or nothing if it is of another kind: an optional for bool, std::int64_t, double,
  /// std::string_view, Bytes and Date, a pointer for Array and Object.
  template <typename T>
  [[nodiscard]] auto get_if() const;

  /// A member or an element; undefined where there is none, as in JavaScript.
  [[nodiscard]] Value const& operator[](std::string_view key) const noexcept;
  template <std::integral Index>
  [[nodiscard]] Value const& operator[](Index index) const noexcept {
    return std::cmp_greater_equal(index, 0) ? element(static_cast<std::size_t>(index)) : undefined();
  }

  /// A member or an element. Throws ValueError where there is none.
  [[nodiscard]] Value const& at(std::string_view key) const;
  [[nodiscard]] Value const& at(std::size_t index) const;

  /// Elements of an array, members of an object, otherwise 0.
  [[nodiscard]] std::size_t size() const noexcept;

  /// Deep equality. Numbers are compared by value, members of objects in any order; NaN differs from itself.
  friend AERIE_API bool operator==(Value const& a, Value const& b) noexcept;

 private:
  static constexpr std::size_t short_capacity = 14;
  static constexpr std::uint8_t long_text = 255;

  template <typename T>
  T load() const noexcept {
    T value;
    std::memcpy(static_cast<void*>(&value), raw_, sizeof value);
    return value;
  }
  template <typename T>
  void store(T value) noexcept {
    std::memcpy(raw_, &value, sizeof value);
  }

  bool owns_memory() const noexcept {
    return kind_ >= ValueKind::string && kind_ != ValueKind::date &&
           (kind_ != ValueKind::string || detail_ == long_text);
  }
  std::string_view text() const noexcept {
    return detail_ == long_text ? bytes().view() : std::string_view(raw_, detail_);
  }
  Bytes const& bytes() const noexcept { return *std::launder(reinterpret_cast<Bytes const*>(raw_)); }
  // Moves the bytes of another value into this one, which owns nothing: everything a value may hold can be
  // moved so.
  void take(Value& other) noexcept {
    std::memcpy(static_cast<void*>(this), static_cast<void const*>(&other), sizeof(Value));
    other.kind_ = ValueKind::undefined;
  }
  void copy(Value const& other);
  void destroy() noexcept;
  [[noreturn]] void refuse(std::string_view expected) const;
  Value const& element(std::size_t index) const noexcept;

  // Depending on the kind: the scalar, a Bytes (bytes and long strings), the characters of a short string, or
  // a pointer to the Array or Object that this value owns.
  alignas(8) char raw_[short_capacity] = {};
  std::uint8_t detail_ = 0;  // Of a string: its size, or long_text.
  ValueKind kind_ = ValueKind::undefined;
};

static_assert(sizeof(Value) == 16);

/// A member of an object.
struct Value::Member {
  /// Any text.
  std::string key;
  /// Undefined ones are left out when they are sent.
  Value value;
};

/// Members in the order of their first insertion; of two with the same key the later value stays. No key is
/// special. Thread contract: as std::vector.
class AERIE_API Object {
 public:
  /// What `begin` to `end` lead through.
  using Member = Value::Member;

  Object() = default;
  /// Of two members with the same key the later value stays.
  Object(std::initializer_list<Member> members);

  [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }
  [[nodiscard]] bool empty() const noexcept { return members_.empty(); }
  [[nodiscard]] auto begin() const noexcept { return members_.begin(); }
  [[nodiscard]] auto end() const noexcept { return members_.end(); }

  /// Whether there is such a member, an undefined one included.
  [[nodiscard]] bool contains(std::string_view key) const noexcept { return find(key) != nullptr; }
  /// The member's value, or null.
  [[nodiscard]] Value const* find(std::string_view key) const noexcept;
  [[nodiscard]] Value* find(std::string_view key) noexcept;
  /// The member's value; undefined where there is none.
  [[nodiscard]] Value const& operator[](std::string_view key) const noexcept;

  /// Inserts or replaces. Returns the member's value, valid until the next change of this object.
  Value& set(std::string_view key, Value value);
  /// Returns whether there was such a member.
  bool erase(std::string_view key);
  /// Removes all members.
  void clear() noexcept;
  /// Makes room for so many members in all.
  void reserve(std::size_t members) { members_.reserve(members); }

  /// Equality in any order.
  friend AERIE_API bool operator==(Object const& a, Object const& b) noexcept;

 private:
  static constexpr std::size_t npos = std::numeric_limits<std::size_t>::max();

  std::size_t index_of(std::string_view key) const noexcept;
  std::size_t slot_of(std::string_view key) const noexcept;
  void rebuild_slots();

  std::vector<Member> members_;
  std::vector<std::uint32_t> slots_;  // Beyond a few members: a hash table of indices into members_.
};

template <std::integral Integer>
requires(!std::same_as<Integer, bool>) Value::Value(Integer value)
noexcept {
  if (std::in_range<std::int64_t>(value)) {
    kind_ = ValueKind::integer;
    store(static_cast<std::int64_t>(value));
  } else {
    kind_ = ValueKind::number;
    store(static_cast<double>(value));
  }
}

template <typename T>
auto Value::get_if() const {
  if constexpr (std::same_as<T, bool>) {
    return is_bool() ? std::optional(as_bool()) : std::nullopt;
  } else if constexpr (std::same_as<T, std::int64_t>) {
    return kind_ == ValueKind::integer ? std::optional(load<std::int64_t>()) : std::nullopt;
  } else if constexpr (std::same_as<T, double>) {
    return is_number() ? std::optional(as_double()) : std::nullopt;
  } else if constexpr (std::same_as<T, std::string_view>) {
    return is_string() ? std::optional(text()) : std::nullopt;
  } else if constexpr (std::same_as<T, Bytes>) {
    return is_bytes() ? std::optional(bytes()) : std::nullopt;
  } else if constexpr (std::same_as<T, Date>) {
    return is_date() ? std::optional(load<Date>()) : std::nullopt;
  } else if constexpr (std::same_as<T, Array>) {
    return is_array() ? load<Array const*>() : nullptr;
  } else {
    static_assert(std::same_as<T, Object>,
                  "aerie: a Value holds bool, std::int64_t, double, std::string_view, Bytes, "
                  "Date, Array or Object; ask for one of these");
    return is_object() ? load<Object const*>() : nullptr;
  }
}

}}  // namespace aerie::v1
