#include <aerie/core/log.hpp>
#include <aerie/socketio/args.hpp>

namespace aerie { inline namespace v1 {

namespace {

/// Whether a checked JSON text is a string that stands for itself, which needs no reader.
bool is_plain_string(std::string_view json) {
  return json.front() == '"' && json.find('\\') == std::string_view::npos;
}

[[noreturn]] void refuse(std::size_t index, std::string const& why) {
  throw BadArguments(core::concat("argument ", std::to_string(index + 1), ": ", why));
}

}  // namespace

Args::Args(json::ElementList const& elements, std::size_t first, std::span<Bytes const> attachments)
    : elements_(&elements), first_(first), size_(elements.size() - first), attachments_(attachments) {}

Args::Args(std::vector<Value> values) {
  auto owned = std::make_shared<std::vector<Value> const>(std::move(values));
  values_ = owned.get();
  size_ = owned->size();
  owner_ = std::move(owned);
}

Value Args::operator[](std::size_t index) const {
  if (index >= size_) return {};
  if (values_) return (*values_)[index];
  auto const text = (*elements_)[first_ + index];
  if (is_plain_string(text)) return text.substr(1, text.size() - 2);
  Value value;
  auto reader = reader_of(index);
  // It has been checked when the packet came.
  if (!reader.read_value(value)) refuse(index, reader.take_result().error().to_string());
  return value;
}

json::Reader Args::reader_of(std::size_t index) const {
  auto const text = (*elements_)[first_ + index];
  // Without attachments a placeholder is a plain object, as the official parser has it.
  return attachments_.empty() ? json::Reader(text) : json::Reader(text, attachments_);
}

std::vector<Value> Args::values() const {
  if (values_) return *values_;
  std::vector<Value> values;
  values.reserve(size_);
  for (std::size_t i = 0; i < size_; ++i)
    values.push_back((*this)[i]);
  return values;
}

bool Args::read_plain(std::size_t index, std::string& value) const {
  if (index >= size_ || values_) return false;
  auto const text = (*elements_)[first_ + index];
  if (!is_plain_string(text)) return false;
  // Cheaper than to assign: whoever asks has an empty one.
  value = std::string(text.substr(1, text.size() - 2));
  return true;
}

void Args::read_with(std::size_t index, TypeOps const& ops, void* value) const {
  if (index >= size_) {
    if (ops.make_absent == nullptr) refuse(index, "is missing");
    ops.make_absent(value);
    return;
  }
  DecodeResult result;
  if (values_) {
    result = detail::from_value((*values_)[index], ops, value);
  } else {
    auto reader = reader_of(index);
    (void)ops.decode(reader, value);
    result = reader.take_result();
  }
  if (!result) refuse(index, result.error().to_string());
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
