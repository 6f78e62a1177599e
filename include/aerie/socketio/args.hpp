#pragma once

/// \file
/// The arguments of a message that has arrived. They have been checked, but are decoded only when they are
/// asked for. Belongs to one shard.

#include <aerie/core/api.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/json_scan.hpp>
#include <aerie/schema/raw_json.hpp>
#include <aerie/socketio/element_format.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace aerie { inline namespace v1 {

/// Thrown when a message does not have the arguments that its handler asks for: "argument 1: chatRoomId:
/// expected a number, got a string".
class AERIE_API BadArguments : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What a message carries after its event's name; the acknowledgement is not among them. A handler that takes
/// `Args const&` gets them undecoded; they are valid as long as it runs, suspended or not.
class AERIE_API Args {
 public:
  Args() = default;
  /// Elements in the form in which they came, from the `first` one on. Views: `elements` and `attachments`
  /// must outlive the result, unless `own` is called.
  Args(socketio::ElementFormat const& format, json::ElementList const& elements, std::size_t first,
       std::span<Bytes const> attachments) noexcept
      : format_(&format),
        elements_(&elements),
        first_(first),
        size_(elements.size() - first),
        attachments_(attachments) {}
  /// Arguments that are values already.
  explicit Args(std::vector<Value> values);

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  /// The argument as T. One that is absent reads as undefined, which an optional or a Value accepts.
  /// Throws BadArguments.
  template <class T>
  T get(std::size_t index) const {
    T value{};
    read(index, value);
    return value;
  }
  /// The same into an existing object.
  template <class T>
  void read(std::size_t index, T& value) const {
    static_assert(detail::require_decodable<T>());
    if constexpr (std::is_same_v<T, std::string>) {
      if (read_plain(index, value)) return;
    }
    read_with(index, type_ops<T>, &value);
  }

  /// The same for a type that is known at run time.
  void read_into(std::size_t index, TypeOps const& ops, void* value) const { read_with(index, ops, value); }

  /// False instead of an exception; then `value` is valid but unspecified.
  [[nodiscard]] bool try_read_into(std::size_t index, TypeOps const& ops, void* value) const;

  /// Undefined if there is no such argument.
  Value operator[](std::size_t index) const;
  /// All of them, decoded.
  std::vector<Value> values() const;

  /// A string that needs no decoding; a view whose `data()` is null if the argument is anything else.
  std::string_view plain_text(std::size_t index) const noexcept {
    if (elements_ == nullptr || index >= size_) return plain_text_of_value(index);
    return format_->plain_text(text_of(index));
  }
  /// The argument as the JSON text that it came as; a view whose `data()` is null if it came in another form,
  /// or with attachments.
  std::string_view json(std::size_t index) const noexcept;
  /// The argument in a form that can be kept: JSON where it came as that, otherwise MessagePack.
  std::string packed(std::size_t index) const;

  /// Makes these arguments independent of the packet they came in.
  void own();
  /// REQUIRES: not empty.
  void drop_first() noexcept {
    ++first_;
    --size_;
  }
  /// Replaces an argument, as socket middlewares may.
  void set(std::size_t index, Value value);

 private:
  /// Reads a string without escapes, the usual one, on a shorter way. False if it is something else.
  bool read_plain(std::size_t index, std::string& value) const;
  std::string_view plain_text_of_value(std::size_t index) const noexcept;
  void read_with(std::size_t index, TypeOps const& ops, void* value) const;
  DecodeResult decode(std::size_t index, TypeOps const& ops, void* value) const;
  std::string_view text_of(std::size_t index) const noexcept { return (*elements_)[first_ + index]; }
  void own_texts();

  // Texts or values: one of the two.
  socketio::ElementFormat const* format_ = nullptr;
  json::ElementList const* elements_ = nullptr;
  std::vector<Value> const* values_ = nullptr;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
  std::span<Bytes const> attachments_;
  /// What the texts or values belong to; null where that is the packet.
  std::shared_ptr<void const> owner_;
};

}}  // namespace aerie::v1
