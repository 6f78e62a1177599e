#include "contract/type_table.hpp"

#include "contract/names.hpp"

#include <aerie/schema/variant.hpp>

#include <algorithm>
#include <string_view>

namespace aerie { inline namespace v1 { namespace contract {

namespace {

/// The innermost namespace or class around a type that has a name: "lab" of "app::lab::{anonymous}::User".
std::string_view scope_of(std::string_view qualified) {
  auto end = qualified.rfind("::");
  while (end != qualified.npos) {
    auto const before = qualified.substr(0, end);
    auto const begin = before.rfind("::");
    auto const scope = begin == before.npos ? before : before.substr(begin + 2);
    // As compilers write a namespace without a name: "{anonymous}", "(anonymous namespace)".
    if (scope.find_first_of("{(") == scope.npos) return scope;
    end = begin;
  }
  return {};
}

/// Whether a type is not the same in both directions.
class Differs {
 public:
  bool operator()(StructSchema const& schema) {
    if (!seen_.insert(&schema).second) return false;
    for (auto const& field : schema.fields()) {
      bool const is_sure =
          may_be_left_out(field, Direction::to_server) == may_be_left_out(field, Direction::to_client);
      if (!is_sure || !field.is_required || of(field.type->shape)) return true;
    }
    return false;
  }

 private:
  bool of(TypeShape const& shape) {
    if (shape.is_optional) return true;
    switch (shape.kind) {
      case TypeKind::date:
      case TypeKind::bytes:
      case TypeKind::digits:
      case TypeKind::duration:
        return true;
      case TypeKind::array:
      case TypeKind::map:
        return shape.element != nullptr && of(shape.element->shape);
      case TypeKind::tuple:
      case TypeKind::untagged:
        return std::ranges::any_of(shape.parts,
                                   [this](TypePart const& part) { return of(part.type->shape); });
      case TypeKind::object:
        return (*this)(shape.schema());
      case TypeKind::variant:
        return std::ranges::any_of(shape.alternatives().entries(),
                                   [this](auto const& entry) { return of(entry.type->shape); });
      default:
        return false;
    }
  }

  std::set<StructSchema const*> seen_;
};

}  // namespace

Array const* allowed_values(Rule const& rule) {
  if (rule.name == "equals") return &rule.arguments;
  if (rule.name == "isIn" && rule.arguments.size() == 1 && rule.arguments.front().is_array())
    return &rule.arguments.front().as_array();
  if (rule.name == "isEnum" && rule.arguments.size() == 2) return &rule.arguments.back().as_array();
  return nullptr;
}

std::vector<Rule const*> lasting_rules(FieldRules const& rules) {
  std::vector<Rule const*> lasting;
  if (!rules.conditions.empty()) return lasting;
  for (auto const& rule : rules.rules) {
    if (rule.groups.empty()) lasting.push_back(&rule);
  }
  return lasting;
}

bool may_be_left_out(FieldInfo const& field, Direction direction) {
  if (direction == Direction::to_client) return field.type->is_undefined != nullptr;
  return !field.is_required || field.type->make_absent != nullptr;
}

TypeTable::TypeTable(Contract const& contract, std::set<std::string> taken) : taken_(std::move(taken)) {
  find(contract);
  auto const qualified_name = [](Found const& found) {
    return found.schema != nullptr ? found.schema->qualified_name() : found.names->qualified_name();
  };
  std::map<std::string, int> count;
  for (auto const& found : found_)
    ++count[pascal_case(aerie::detail::without_namespaces(qualified_name(found)))];
  for (auto const& found : found_) {
    auto wanted = pascal_case(aerie::detail::without_namespaces(qualified_name(found)));
    if (count[wanted] > 1 || taken_.contains(wanted))
      wanted.insert(0, pascal_case(scope_of(qualified_name(found))));
    name(found, wanted.empty() ? "Type" : wanted);
  }
  std::ranges::sort(entries_, {}, &Entry::name);
}

std::string TypeTable::claim(std::string const& wanted) {
  auto name = free_name(wanted, [this](std::string const& free) { return !taken_.contains(free); });
  taken_.insert(name);
  return name;
}

void TypeTable::name(Found const& found, std::string const& wanted) {
  auto const own = claim(wanted);
  if (found.names != nullptr) {
    enums_[found.names] = own;
    entries_.push_back({own, Direction::to_client, nullptr, found.names});
    return;
  }
  bool const is_two = found.to_server && found.to_client && Differs()(*found.schema);
  // One that is the same in both has the rules of what is sent to the server.
  auto const direction = is_two || !found.to_server ? Direction::to_client : Direction::to_server;
  structs_[{found.schema, Direction::to_client}] = own;
  structs_[{found.schema, Direction::to_server}] = own;
  entries_.push_back({own, direction, found.schema, nullptr});
  if (!is_two) return;
  auto const input = claim(own + "Input");
  structs_[{found.schema, Direction::to_server}] = input;
  entries_.push_back({input, Direction::to_server, found.schema, nullptr});
}

void TypeTable::find(Contract const& contract) {
  for (auto const& nsp : contract.namespaces) {
    find(nsp.incoming, Direction::to_server);
    find(nsp.outgoing, Direction::to_client);
    if (nsp.auth) find(*nsp.auth, Direction::to_server);
    for (auto const& codes : nsp.error_codes) {
      if (codes.table != nullptr) find(codes.table());
    }
  }
  for (auto const& route : contract.routes) {
    for (auto const* const list : {&route.path_parameters, &route.query, &route.headers}) {
      for (auto const& parameter : *list)
        find(parameter.type, Direction::to_server);
    }
    if (route.body) find(*route.body, Direction::to_server);
    if (route.answer) find(*route.answer, Direction::to_client);
    if (route.error) find(*route.error, Direction::to_client);
  }
}

void TypeTable::find(std::vector<Event> const& events, Direction direction) {
  auto const back = direction == Direction::to_server ? Direction::to_client : Direction::to_server;
  for (auto const& event : events) {
    for (auto const& type : event.arguments)
      find(type, direction);
    for (auto const& type : event.acknowledgement.arguments)
      find(type, back);
  }
}

void TypeTable::find(Type const& type, Direction direction) {
  if (type.kind == Type::Kind::codec) find(type.codec->shape, direction);
  for (auto const& member : type.members)
    find(member.type, direction);
  for (auto const& part : type.parts)
    find(part, direction);
}

void TypeTable::find(TypeShape const& shape, Direction direction) {
  if (shape.element != nullptr) find(shape.element->shape, direction);
  for (auto const& part : shape.parts)
    find(part.type->shape, direction);
  if (shape.kind == TypeKind::object) find(shape.schema(), direction);
  if (shape.kind == TypeKind::enumeration) find(shape.names());
  if (shape.kind != TypeKind::variant) return;
  for (auto const& entry : shape.alternatives().entries())
    find(entry.type->shape, direction);
}

void TypeTable::find(StructSchema const& schema, Direction direction) {
  auto const is_it = [&](Found const& found) { return found.schema == &schema; };
  auto known = std::ranges::find_if(found_, is_it);
  if (known == found_.end()) known = found_.insert(found_.end(), {&schema, nullptr, false, false});
  auto& seen = direction == Direction::to_server ? known->to_server : known->to_client;
  // Descriptions may hold themselves.
  if (std::exchange(seen, true)) return;
  for (auto const& field : schema.fields())
    find(field.type->shape, direction);
}

void TypeTable::find(EnumTable const& names) {
  auto const is_it = [&](Found const& found) { return found.names == &names; };
  if (std::ranges::none_of(found_, is_it)) found_.push_back({nullptr, &names, false, false});
}

}}}  // namespace aerie::v1::contract
