#pragma once

/// \file
/// What a codec writes to: one wire format. A type says once how it is written, and JSON, MessagePack and
/// Value follow from it.

#include <aerie/core/api.hpp>
#include <aerie/schema/bytes.hpp>
#include <aerie/schema/date.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aerie { inline namespace v1 {

/// Takes the parts of one value in the order of the text: for an object begin_object, then key and value for
/// each member, then end_object. Writing can't fail. Belongs to one thread.
class AERIE_API Encoder {
 public:
  virtual ~Encoder() = default;

  /// As an element of an array; a member that is undefined is left out instead, unless `keeps_undefined`.
  virtual void undefined() = 0;
  /// Whether a tree's members that are there and undefined are written.
  virtual bool keeps_undefined() const noexcept { return false; }
  /// JSON's null.
  virtual void null() = 0;
  /// True or false.
  virtual void boolean(bool value) = 0;
  /// An integer that has a sign.
  virtual void integer(std::int64_t value) = 0;
  /// An integer up to 2^64 - 1.
  virtual void unsigned_integer(std::uint64_t value) = 0;
  /// A double; NaN and infinity are null where the format has none.
  virtual void number(double value) = 0;
  /// UTF-8. Surrogates in the three bytes of WTF-8 are allowed and stay what they are.
  virtual void string(std::string_view text) = 0;
  /// A date: a text of ISO 8601 where the format has none.
  virtual void date(Date value) = 0;
  /// Binary data: an attachment where the format has none.
  virtual void bytes(Bytes const& value) = 0;
  /// A whole JSON text. REQUIRES: it is valid.
  virtual void raw_json(std::string_view text) = 0;

  /// An array of exactly `size` elements.
  virtual void begin_array(std::size_t size) = 0;
  /// Ends the innermost array.
  virtual void end_array() = 0;
  /// An object of exactly `size` members.
  virtual void begin_object(std::size_t size) = 0;
  /// The name of the member whose value follows.
  virtual void key(std::string_view name) = 0;
  /// Ends the innermost object.
  virtual void end_object() = 0;

 protected:
  Encoder() = default;
  Encoder(Encoder const&) = default;
  Encoder& operator=(Encoder const&) = default;
};

}}  // namespace aerie::v1
