#include "gateway/config_text.hpp"
#include "gateway/variables.hpp"

#include <aerie/core/log.hpp>
#include <aerie/gateway/config.hpp>
#include <aerie/schema/validate.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

/// Fills one struct, and notes all that is wrong with it.
class ConfigReader {
 public:
  ConfigReader(ConfigOptions const& options, Variables& variables)
      : options_(options), variables_(variables) {}

  void fill(StructSchema const& schema, void* object, std::string const& prefix) {
    for (std::size_t i = 0; i < schema.fields().size(); ++i) {
      auto const& field = schema.fields()[i];
      auto const name = prefix + variable_name(field.name);
      auto* const member = static_cast<char*>(object) + field.offset;
      auto const& shape = field.type->shape;
      if (shape.kind == TypeKind::object && !shape.is_optional) {
        fill(shape.schema(), member, name + "_");
      } else {
        fill(field, schema.rules()[i], member, name);
      }
    }
  }

  void check(StructSchema const& schema, std::vector<ValidationError> const& errors,
             std::string const& prefix) {
    for (auto const& error : errors) {
      auto const index = schema.find(error.property);
      auto const& field = schema.fields()[index];
      auto const name = prefix + variable_name(field.name);
      auto const& shape = field.type->shape;
      auto const is_nested = shape.kind == TypeKind::object && !shape.is_optional;
      if (is_nested) {
        check(shape.schema(), error.children, name + "_");
      } else {
        check(field, schema.rules()[index], error, name);
      }
    }
  }

  void refuse_unknown() {
    if (!options_.forbid_unknown) return;
    for (auto const& name : variables_.unused(options_.prefix))
      problems_.emplace_back(
          name, core::concat("remove ", name, ", or correct its name: there is no such setting"));
  }

  /// Throws if there is anything wrong.
  void finish(std::string_view type) const {
    if (problems_.empty()) return;
    auto text = core::concat("aerie: ", type, " cannot be read from the environment:");
    for (auto const& [name, problem] : problems_)
      text += core::concat("\n  ", problem);
    throw StartError(text);
  }

 private:
  void fill(FieldInfo const& field, FieldRules const& rules, void* member, std::string const& name) {
    auto const& shape = field.type->shape;
    auto const text = variables_.find(name);
    if (!text || (text->empty() && shape.kind != TypeKind::string)) {
      auto const must_be_set = std::ranges::find(rules.rules, "isDefined", &Rule::name) != rules.rules.end();
      if (must_be_set) refuse(name, wanted_setting(shape, rules), "it is not set");
      return;
    }
    auto const shown = shown_setting(shape, name, *text, options_.secrets);
    auto const value = value_of_setting(shape, *text);
    if (!value) return refuse(name, wanted_setting(shape, rules), shown);
    auto const result = aerie::detail::from_value(*value, *field.type, member);
    if (!result) refuse(name, wanted_instead(shape, rules, result.error()), shown);
  }

  void check(FieldInfo const& field, FieldRules const& rules, ValidationError const& error,
             std::string const& name) {
    if (is_refused(name)) return;
    auto const text = variables_.find(name);
    auto const shown =
        text ? shown_setting(field.type->shape, name, *text, options_.secrets) : std::string("it is not set");
    auto const is_plain = std::ranges::all_of(error.constraints, [&](Constraint const& constraint) {
      auto const rule = std::ranges::find(rules.rules, constraint.rule, &Rule::name);
      return is_told(constraint.rule) && (rule == rules.rules.end() || !rule->message);
    });
    if (is_plain || error.constraints.empty())
      return refuse(name, wanted_setting(field.type->shape, rules), shown);
    // The rule's own text speaks of the property.
    auto demand = error.constraints.front().text;
    if (demand.starts_with(error.property)) demand.replace(0, error.property.size(), "it");
    auto const tells_value = text && !text->empty() && demand.find(*text) != demand.npos;
    if (tells_value && shown.find(*text) == shown.npos) demand = "what it is now is refused";
    problems_.emplace_back(name, core::concat("set ", name, ": ", demand, " (", shown, ")"));
  }

  /// What a type demands by itself, where no rule has said it.
  static std::string wanted_instead(TypeShape const& shape, FieldRules const& rules,
                                    DecodeError const& error) {
    auto wanted = wanted_setting(shape, rules);
    constexpr std::string_view expected = "expected ";
    // These are nothing but "a value" there.
    auto const is_named = shape.kind != TypeKind::other && shape.kind != TypeKind::duration;
    auto const has_limits = is_named && wanted != wanted_setting(shape, {});
    auto const is_told_by_rules = has_limits || shape.kind == TypeKind::enumeration || !error.path.empty();
    if (is_told_by_rules || !error.message.starts_with(expected)) return wanted;
    return error.message.substr(expected.size(), error.message.find(", got") - expected.size());
  }

  bool is_refused(std::string const& name) const {
    return std::ranges::any_of(problems_, [&](auto const& problem) { return problem.first == name; });
  }
  void refuse(std::string const& name, std::string const& wanted, std::string const& shown) {
    problems_.emplace_back(name, core::concat("set ", name, " to ", wanted, " (", shown, ")"));
  }

  ConfigOptions const& options_;
  Variables& variables_;
  /// The variable, and what to do about it.
  std::vector<std::pair<std::string, std::string>> problems_;
};

}  // namespace

void read_config(StructSchema const& schema, void* config, Value (*to_plain)(void const*),
                 ConfigOptions const& options) {
  Variables variables(options);
  ConfigReader reader(options, variables);
  reader.fill(schema, config, options.prefix);
  reader.check(schema, validate(schema, to_plain(config)).errors, options.prefix);
  reader.refuse_unknown();
  reader.finish(schema.name());
}

}}}  // namespace aerie::v1::gateway
