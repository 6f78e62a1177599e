#include "described.hpp"

namespace validation {
namespace {

using aerie::Schema;

enum class Color { red, green };

void describe(aerie::EnumSchema<Color>& e) {
  e.value<Color::red>().value<Color::green>();
}

struct User {
  std::string name;
  int age = 0;
  std::optional<bool> admin;
  std::optional<std::string> tag;
  std::optional<std::string> kind;

  static void describe(Schema<User>& s) {
    s.field<&User::name>().length(2, 8);
    s.field<&User::age>().minimum(0).maximum(150);
    s.field<&User::admin>();
    s.field<&User::tag>().matches("^[a-z]+$");
    s.field<&User::kind>().one_of({"a", "b"});
  }
};

struct Item {
  std::string name;
  int qty = 0;

  static void describe(Schema<Item>& s) {
    s.field<&Item::name>();
    s.field<&Item::qty>().minimum(1);
  }
};

struct Order {
  std::string email;
  std::vector<Item> items;
  std::optional<Color> color;

  static void describe(Schema<Order>& s) {
    s.field<&Order::email>().is_email();
    s.field<&Order::items>().array_max_size(2);
    s.field<&Order::color>();
  }
};

struct Tree {
  std::string label;
  std::vector<Tree> children;
  std::optional<Item> item;
  std::vector<std::string> tags;

  static void describe(Schema<Tree>& s) {
    s.field<&Tree::label>().max_length(3);
    s.field<&Tree::children>();
    s.field<&Tree::item>();
    s.field<&Tree::tags>();
  }
};

struct Types {
  double ratio = 0;
  bool flag = false;
  aerie::Date when;
  std::vector<int> numbers;
  aerie::Value anything;
  aerie::Object bag;
  std::vector<Color> colors;

  static void describe(Schema<Types>& s) {
    s.field<&Types::ratio>();
    s.field<&Types::flag>();
    s.field<&Types::when>();
    s.field<&Types::numbers>();
    s.field<&Types::anything>();
    s.field<&Types::bag>();
    s.field<&Types::colors>().array_not_empty();
  }
};

struct Optional {
  std::optional<std::string> text;

  static void describe(Schema<Optional>& s) { s.field<&Optional::text>(); }
};

// The type of a field as the request names it.
aerie::TypeOps const& type_named(std::string_view name) {
  if (name == "string") return aerie::type_ops<std::string>;
  if (name == "number") return aerie::type_ops<double>;
  return name == "boolean" ? aerie::type_ops<bool> : aerie::type_ops<Value>;
}

}  // namespace

void RuleRequest::describe(Schema<RuleRequest>& s) {
  s.field<&RuleRequest::rule>();
  s.field<&RuleRequest::args>();
  s.field<&RuleRequest::each>().optional();
  s.field<&RuleRequest::message>();
  s.field<&RuleRequest::groups>().optional();
}

void FieldRequest::describe(Schema<FieldRequest>& s) {
  s.field<&FieldRequest::name>();
  s.field<&FieldRequest::type>();
  s.field<&FieldRequest::optional>().optional();
  s.field<&FieldRequest::rules>();
}

aerie::StructSchema schema_of_request(std::vector<FieldRequest> const& fields) {
  // A description takes no arguments: what it describes is left here for it.
  static std::vector<FieldRequest> const* requested = nullptr;
  requested = &fields;
  return aerie::StructSchema([](aerie::StructSchema& schema) {
    schema.set_name("Dto");
    for (FieldRequest const& request : *requested) {
      schema.add(request.name, 0, type_named(request.type));
      aerie::FieldRef field(schema, schema.fields().size() - 1);
      field.without_implied_rules();
      if (request.optional) field.optional();
      for (RuleRequest const& rule : request.rules)
        apply(field, rule);
    }
  });
}

aerie::StructSchema const* described_type(std::string_view name) {
  if (name == "User") return &aerie::schema_of<User>();
  if (name == "Order") return &aerie::schema_of<Order>();
  if (name == "Tree") return &aerie::schema_of<Tree>();
  if (name == "Types") return &aerie::schema_of<Types>();
  return name == "Optional" ? &aerie::schema_of<Optional>() : nullptr;
}

}  // namespace validation
