#include <aerie/core/log.hpp>
#include <aerie/schema/msgpack.hpp>
#include <aerie/socketio/args.hpp>

namespace aerie { inline namespace v1 {

namespace {

[[noreturn]] void refuse(std::size_t index, std::string const& why) {
  throw BadArguments(core::concat("argument ", std::to_string(index + 1), ": ", why));
}

}  // namespace

Args::Args(std::vector<Value> values) {
  auto owned = std::make_shared<std::vector<Value> const>(std::move(values));
  values_ = owned.get();
  size_ = owned->size();
  owner_ = std::move(owned);
}

Value Args::operator[](std::size_t index) const {
  if (index >= size_) return {};
  if (values_) return (*values_)[first_ + index];
  if (auto const text = plain_text(index); text.data() != nullptr) return text;
  Value value;
  read_with(index, type_ops<Value>, &value);
  return value;
}

std::vector<Value> Args::values() const {
  if (values_) return {values_->begin() + static_cast<std::ptrdiff_t>(first_), values_->end()};
  std::vector<Value> values;
  values.reserve(size_);
  for (std::size_t i = 0; i < size_; ++i)
    values.push_back((*this)[i]);
  return values;
}

std::string_view Args::plain_text_of_value(std::size_t index) const noexcept {
  if (index >= size_ || values_ == nullptr) return {};
  auto const& value = (*values_)[first_ + index];
  return value.is_string() ? value.as_string() : std::string_view();
}

bool Args::read_plain(std::size_t index, std::string& value) const {
  auto const text = plain_text(index);
  if (text.data() == nullptr) return false;
  // Cheaper than to assign: whoever asks has an empty one.
  value = std::string(text);
  return true;
}

void Args::read_with(std::size_t index, TypeOps const& ops, void* value) const {
  if (index >= size_) {
    if (ops.make_absent == nullptr) refuse(index, "is missing");
    ops.make_absent(value);
    return;
  }
  auto const result = decode(index, ops, value);
  if (!result) refuse(index, result.error().to_string());
}

bool Args::try_read_into(std::size_t index, TypeOps const& ops, void* value) const {
  return index < size_ && decode(index, ops, value).ok();
}

DecodeResult Args::decode(std::size_t index, TypeOps const& ops, void* value) const {
  return values_ ? detail::from_value((*values_)[first_ + index], ops, value)
                 : format_->read(text_of(index), attachments_, ops, value);
}

std::string_view Args::json(std::size_t index) const noexcept {
  auto const is_json = format_ == &socketio::json_elements() && attachments_.empty();
  return is_json && index < size_ ? text_of(index) : std::string_view();
}

std::string Args::packed(std::size_t index) const {
  auto const can_stay = format_ == &socketio::json_elements() || format_ == &socketio::msgpack_elements();
  auto const as_it_stands = can_stay && attachments_.empty();
  return as_it_stands ? std::string(text_of(index)) : msgpack::pack((*this)[index]);
}

void Args::own() {
  if (owner_ != nullptr || size_ == 0) return;
  // Attachments would have to be copied, and copied again into values.
  if (!attachments_.empty()) {
    *this = Args(values());
  } else {
    own_texts();
  }
}

void Args::own_texts() {
  struct Texts {
    std::string all;
    json::ElementList elements;
  };
  auto owned = std::make_shared<Texts>();
  auto const texts = std::span(elements_->begin(), elements_->end()).subspan(first_);
  for (auto const text : texts)
    owned->all.append(text);
  std::string_view rest = owned->all;
  for (auto const text : texts) {
    owned->elements.push_back(rest.substr(0, text.size()));
    rest.remove_prefix(text.size());
  }
  elements_ = &owned->elements;
  first_ = 0;
  owner_ = std::move(owned);
}

void Args::set(std::size_t index, Value value) {
  auto changed = values();
  if (index >= changed.size()) changed.resize(index + 1);
  changed[index] = std::move(value);
  *this = Args(std::move(changed));
}

}}  // namespace aerie::v1
