#pragma once

/// \file
/// An event on its way between servers: its name and arguments, in one of the forms in which clusters carry
/// them, and in every other that somebody asks for.

#include <aerie/core/api.hpp>
#include <aerie/schema/encodable.hpp>
#include <aerie/schema/value.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

namespace json {
class Writer;
}

namespace socketio {

/// The array `[event, ...args]` of a packet. A value that is cheap to copy and never changes; any thread.
///
/// It keeps the form in which it was made. What comes from another server need not become a tree of values
/// before it is sent to clients, and what goes there is written once, where it is emitted.
class AERIE_API EventPayload {
 public:
  enum class Form : std::uint8_t {
    none,
    values,   ///< Its elements.
    json,     ///< A JSON text; nothing in it is binary.
    msgpack,  ///< MessagePack as notepack.io writes it; binary values stand in it.
  };

  /// None at all.
  EventPayload() noexcept = default;
  /// The event's name and its arguments.
  explicit EventPayload(std::vector<Value> elements);
  /// What was emitted here, in the form that is asked for.
  EventPayload(Form form, std::string_view event, ArgsRef args);

  /// A text of one of the forms that have one. REQUIRES: it is valid, as `of_json` and `of_msgpack` check.
  EventPayload(Form form, std::string text);

  /// What another server has sent. Nothing if it is no array that begins with an event's name (a string that
  /// is not reserved, or a number, as JavaScript servers may have it). An empty vector, text or garbage is
  /// refused as well; nothing is thrown.
  static std::optional<EventPayload> of_values(std::vector<Value> elements);
  static std::optional<EventPayload> of_json(std::string text);
  static std::optional<EventPayload> of_msgpack(std::string bytes);

  Form form() const noexcept;
  explicit operator bool() const noexcept { return data_ != nullptr; }

  /// The texts of their forms; empty in another form.
  std::string_view json() const noexcept;
  std::string_view msgpack() const noexcept;
  /// Its elements, the event's name first; in another form they are decoded, each time.
  std::vector<Value> values() const;
  /// Writes the array, in any form.
  void encode(Encoder& encoder) const;
  /// The same as JSON, which needs no tree of values whatever the form.
  void encode(json::Writer& writer) const;
  /// The event's name; empty if it is a number.
  std::string event() const;

 private:
  struct Data;
  std::shared_ptr<Data const> data_;
};

}  // namespace socketio

/// It can be sent, as the array that it is.
template <>
struct Codec<socketio::EventPayload> {
  static void encode(Encoder& encoder, socketio::EventPayload const& payload) { payload.encode(encoder); }
};

}}  // namespace aerie::v1
