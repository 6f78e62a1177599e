#pragma once

/// \file
/// Value as an encoding: the tree that a codec would otherwise spell out as text.

#include <aerie/schema/encoder.hpp>
#include <aerie/schema/value.hpp>

#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace schema {

class ValueEncoder final : public Encoder {
 public:
  /// What has been written.
  Value take() { return std::move(result_); }

  void undefined() override { put(Value()); }
  void null() override { put(nullptr); }
  void boolean(bool value) override { put(value); }
  void integer(std::int64_t value) override { put(value); }
  void unsigned_integer(std::uint64_t value) override { put(value); }
  void number(double value) override { put(value); }
  void string(std::string_view text) override { put(text); }
  void date(Date value) override { put(value); }
  void bytes(Bytes const& value) override { put(value); }
  void raw_json(std::string_view text) override;
  void begin_array(std::size_t size) override;
  void end_array() override { close(); }
  void begin_object(std::size_t size) override;
  void key(std::string_view name) override { keys_.back() = name; }
  void end_object() override { close(); }

 private:
  void put(Value value);
  void open(Value container);
  void close();

  Value result_;
  std::vector<Value> open_;        // The containers that have begun and not ended, the innermost last.
  std::vector<std::string> keys_;  // For each of them the key of the member that is next.
};

}}}  // namespace aerie::v1::schema
