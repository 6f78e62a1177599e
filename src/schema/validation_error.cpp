#include <aerie/schema/codec_containers.hpp>
#include <aerie/schema/codec_scalars.hpp>
#include <aerie/schema/describe.hpp>
#include <aerie/schema/validation_error.hpp>

#include <utility>

namespace aerie { inline namespace v1 {
namespace {

void encode_constraints(Encoder& encoder, std::vector<Constraint> const& constraints) {
  encoder.begin_object(constraints.size());
  for (Constraint const& constraint : constraints) {
    encoder.key(constraint.rule);
    encoder.string(constraint.text);
  }
  encoder.end_object();
}

constexpr std::string_view omitted = "Further validation errors were omitted";

// Hands out texts until a number of characters is used up.
class TextBudget {
 public:
  explicit TextBudget(std::size_t max_length) : left_(max_length) {}

  /// Whether the texts of one more error may be said.
  bool allows_another() {
    is_exceeded_ = is_exceeded_ || left_ == 0;
    return !is_exceeded_;
  }
  void spend(std::size_t text, std::string const& property) {
    auto const length = text + property.size() + 1;
    left_ -= length < left_ ? length : left_;
  }
  bool is_exceeded() const { return is_exceeded_; }

 private:
  std::size_t left_;
  bool is_exceeded_ = false;
};

class Flattener {
 public:
  Flattener(std::size_t max_length, ParentTexts parents) : budget_(max_length), parents_(parents) {}

  // The texts of an error without children, or those of all errors below it, deepest first, or its own first.
  void add_outermost(ValidationError const& error) {
    if (parents_ == ParentTexts::first || error.children.empty()) add_texts(error, "");
    add_children(error, error.property);
  }

  std::vector<std::string> take(bool is_complete) {
    if (budget_.is_exceeded() || !is_complete) texts_.emplace_back(omitted);
    return std::move(texts_);
  }

 private:
  void add_children(ValidationError const& error, std::string const& path) {
    for (ValidationError const& child : error.children) {
      if (parents_ == ParentTexts::first) add_texts(child, path + ".");
      if (!child.children.empty()) add_children(child, path + "." + child.property);
      if (parents_ == ParentTexts::last) add_texts(child, path + ".");
    }
  }

  void add_texts(ValidationError const& error, std::string const& prefix) {
    if (error.constraints.empty() || !budget_.allows_another()) return;
    for (Constraint const& constraint : error.constraints) {
      texts_.push_back(prefix + constraint.text);
      budget_.spend(texts_.back().size(), error.property);
    }
  }

  TextBudget budget_;
  ParentTexts parents_;
  std::vector<std::string> texts_;
};

// Puts the texts of errors, and of those below them, under their paths.
void group(std::vector<ValidationError> const& errors, std::string const& parent, TextBudget& budget,
           Object& grouped) {
  for (ValidationError const& error : errors) {
    std::string const path = parent.empty() ? error.property : parent + "." + error.property;
    if (!error.constraints.empty() && budget.allows_another()) {
      Array texts;
      for (Constraint const& constraint : error.constraints) {
        texts.push_back(constraint.text);
        budget.spend(constraint.text.size(), path);
      }
      grouped.set(path, std::move(texts));
    }
    group(error.children, path, budget, grouped);
  }
}

std::string_view rule_name(DecodeErrorCode code) {
  switch (code) {
    case DecodeErrorCode::missing:
      return "isDefined";
    case DecodeErrorCode::out_of_range:
      return "isInRange";
    case DecodeErrorCode::unknown_name:
      return "isEnum";
    case DecodeErrorCode::wrong_size:
      return "isSize";
    case DecodeErrorCode::wrong_type:
      return "isType";
    case DecodeErrorCode::syntax:
    case DecodeErrorCode::depth:
    case DecodeErrorCode::illegal_attachment:
    case DecodeErrorCode::refused:
      break;
  }
  return "isAccepted";
}

// "qty" of "items.0.qty", of which "items.0" is left.
std::string_view take_last_segment(std::string_view& path) {
  std::size_t const point = path.rfind('.');
  std::string_view const segment = point == std::string_view::npos ? path : path.substr(point + 1);
  path = point == std::string_view::npos ? std::string_view() : path.substr(0, point);
  return segment;
}

}  // namespace

void Codec<ValidationError>::encode(Encoder& encoder, ValidationError const& error) {
  bool const has_value = !error.value.is_undefined();
  bool const has_property = !error.property.empty();
  bool const has_constraints = !error.constraints.empty();
  encoder.begin_object(std::size_t{has_value} + std::size_t{has_property} +
                       std::size_t{error.has_children_list} + std::size_t{has_constraints});
  if (has_value) {
    encoder.key("value");
    Codec<Value>::encode(encoder, error.value);
  }
  if (has_property) {
    encoder.key("property");
    encoder.string(error.property);
  }
  if (error.has_children_list) {
    encoder.key("children");
    aerie::encode(encoder, error.children);
  }
  if (has_constraints) {
    encoder.key("constraints");
    encode_constraints(encoder, error.constraints);
  }
  encoder.end_object();
}

std::vector<std::string> flatten_messages(std::vector<ValidationError> const& errors, std::size_t max_length,
                                          bool is_complete, ParentTexts parents) {
  Flattener flattener(max_length, parents);
  for (ValidationError const& error : errors)
    flattener.add_outermost(error);
  return flattener.take(is_complete);
}

Value group_messages(std::vector<ValidationError> const& errors, std::size_t max_length, bool is_complete) {
  Object grouped;
  TextBudget budget(max_length);
  group(errors, "", budget, grouped);
  if (budget.is_exceeded() || !is_complete) grouped.set("...", Array{Value(omitted)});
  return grouped;
}

ValidationError to_validation_error(DecodeError const& error) {
  std::string_view path = error.path;
  ValidationError result;
  result.property = take_last_segment(path);
  std::string const name = result.property.empty() ? "value" : result.property;
  bool const is_missing = error.code == DecodeErrorCode::missing;
  result.constraints.push_back(
      {.rule = std::string(rule_name(error.code)),
       .text = name + (is_missing ? " should not be null or undefined" : ": " + error.message)});
  while (!path.empty()) {
    ValidationError outer;
    outer.property = take_last_segment(path);
    outer.children.push_back(std::move(result));
    result = std::move(outer);
  }
  return result;
}

}}  // namespace aerie::v1
