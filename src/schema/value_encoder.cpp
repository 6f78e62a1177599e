#include "schema/value_encoder.hpp"

#include <aerie/schema/json.hpp>

#include <limits>

namespace aerie { inline namespace v1 { namespace schema {

void ValueEncoder::put(Value value) {
  if (open_.empty()) {
    result_ = std::move(value);
  } else if (open_.back().is_array()) {
    open_.back().as_array().push_back(std::move(value));
  } else {
    open_.back().as_object().set(keys_.back(), std::move(value));
  }
}

void ValueEncoder::open(Value container) {
  open_.push_back(std::move(container));
  keys_.emplace_back();
}

void ValueEncoder::close() {
  Value container = std::move(open_.back());
  open_.pop_back();
  keys_.pop_back();
  put(std::move(container));
}

void ValueEncoder::begin_array(std::size_t size) {
  Array elements;
  elements.reserve(size);
  open(std::move(elements));
}

void ValueEncoder::begin_object(std::size_t size) {
  Object members;
  members.reserve(size);
  open(std::move(members));
}

void ValueEncoder::raw_json(std::string_view text) {
  // The text was checked where it came in, with the limit on its depth that was asked for there.
  json::Reader reader(text, std::numeric_limits<std::size_t>::max());
  Value value;
  if (!reader.read_value(value)) value = nullptr;
  put(std::move(value));
}

}}}  // namespace aerie::v1::schema
