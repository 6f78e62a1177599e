#pragma once

/// \file
/// Value as an encoding: a tree that a codec reads as it would read a text.

#include <aerie/schema/decoder.hpp>
#include <aerie/schema/value.hpp>

#include <vector>

namespace aerie { inline namespace v1 { namespace schema {

class ValueDecoder final : public Decoder {
 public:
  /// REQUIRES: `source` outlives the decoder.
  explicit ValueDecoder(Value const& source) : next_(&source) {}

  ValueKind peek() override;
  bool read_boolean(bool& value) override;
  bool read_number(Number& value) override;
  bool read_string(std::string_view& text) override;
  bool read_date(Date& value) override;
  bool read_bytes(Bytes& value) override;
  bool read_value(Value& value) override;
  bool read_json(std::string& text) override;
  bool skip() override { return ok(); }
  bool begin_array() override;
  bool next_element() override;
  bool begin_object() override;
  bool next_member(std::string_view& key) override;

 private:
  // A container that has begun and not ended.
  struct Open {
    Value const* container;
    std::size_t next_index;
  };

  bool expect(ValueKind kind, std::string_view expected);

  Value const* next_;
  std::vector<Open> open_;
};

}}}  // namespace aerie::v1::schema
