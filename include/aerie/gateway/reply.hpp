#pragma once

/// \file
/// What a handler sends back. A plain value is the acknowledgement; the types here say something else.

#include <aerie/core/api.hpp>
#include <aerie/core/generator.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/value.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace aerie { inline namespace v1 {

/// Returned by a handler: emitted back to the client instead of acknowledging.
///
///     aerie::Event<Message> create(NewMessage const& message) { return {"created", store(message)}; }
///
/// It has constructors, so that `co_yield aerie::Event<int>("tick", 1)` is safe with g++ 12.
template <class T = Value>
struct Event {
  Event() = default;
  /// An event of that name with its data.
  Event(std::string event, T value = T{}) : name(std::move(event)), data(std::move(value)) {}

  /// The event's name.
  std::string name;
  /// Its only argument.
  T data{};
};
/// The type of the data from the second argument.
template <class T>
Event(std::string, T) -> Event<T>;
template <class T>
Event(char const*, T) -> Event<T>;

/// Returned by a handler whose kind of answer only shows at run time: an object with a truthy `event` is
/// emitted, as in NestJS; anything else is the acknowledgement. Whoever returns what a client has sent this
/// way lets the client choose the event.
struct DynamicReply {
  /// The object or value that decides.
  explicit DynamicReply(Value reply) : value(std::move(reply)) {}

  /// What the handler has returned.
  Value value;
};

/// One answer on its way to the client, as interceptors see it. A plain value.
class AERIE_API ReplyItem {
 public:
  /// Undefined: a handler that returns nothing.
  ReplyItem() = default;
  ReplyItem(Value value) : value_(std::move(value)) {}
  ReplyItem(DynamicReply reply) : value_(std::move(reply.value)), kind_(Kind::dynamic) {}
  template <class T>
  ReplyItem(Event<T> const& event) : value_(to_value(event.data)), event_(event.name), kind_(Kind::event) {}

  /// Whether it is emitted.
  bool is_event() const noexcept { return kind_ == Kind::event; }
  /// Whether the value says whether it is emitted; see DynamicReply.
  bool is_dynamic() const noexcept { return kind_ == Kind::dynamic; }
  /// The event's name; empty if it is none.
  std::string const& event() const noexcept { return event_; }
  /// The value, or the event's data.
  Value const& value() const noexcept { return value_; }
  /// As a value in any case: an event becomes `{event, data}`.
  Value to_value() const;

 private:
  template <class T>
  static Value to_value(T const& data) {
    return aerie::to_value(data);
  }

  enum class Kind : std::uint8_t { value, event, dynamic };

  Value value_;
  std::string event_;
  Kind kind_ = Kind::value;
};

/// What interceptors get from the handler and hand on: one answer, none, or a stream of them. Move-only.
class AERIE_API Reply {
 public:
  /// Makes another answer of one.
  using Map = std::function<ReplyItem(ReplyItem)>;

  /// One undefined answer.
  Reply() : item_(ReplyItem()) {}
  Reply(ReplyItem item) : item_(std::move(item)) {}
  Reply(Value value) : item_(ReplyItem(std::move(value))) {}
  Reply(DynamicReply reply) : item_(ReplyItem(std::move(reply))) {}
  template <class T>
  Reply(Event<T> const& event) : item_(ReplyItem(event)) {}
  Reply(Generator<ReplyItem> stream);
  /// Nothing at all: no acknowledgement, no event.
  static Reply none();

  Reply(Reply&&) noexcept = default;
  Reply& operator=(Reply&&) noexcept = default;

  /// Whether there may be several answers, over time.
  bool is_stream() const noexcept { return stream_.has_value(); }
  /// Whether there is no answer at all.
  bool is_none() const noexcept { return !item_ && !stream_; }
  /// REQUIRES: neither a stream nor none.
  ReplyItem const& item() const { return *item_; }
  /// REQUIRES: is_stream().
  Generator<ReplyItem>& stream() { return *stream_; }

  /// The same with every answer replaced: at once, or as they come.
  Reply map(Map change) &&;

 private:
  std::optional<ReplyItem> item_;
  std::optional<Generator<ReplyItem>> stream_;
};

}}  // namespace aerie::v1
