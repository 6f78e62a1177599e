#include "gateway/http_body.hpp"

#include <aerie/core/log.hpp>
#include <aerie/gateway/parameters.hpp>
#include <aerie/http/request.hpp>
#include <aerie/schema/json.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

[[noreturn]] void refuse(DecodeError const& error, std::string_view name) {
  if (name.empty()) throw BadArguments(error.to_string());
  if (error.path.empty()) throw BadArguments(core::concat(name, ": ", error.message));
  throw BadArguments(core::concat(name, ".", error.to_string()));
}

Value object_of(std::vector<std::pair<std::string, std::string>> const& texts) {
  Object object;
  for (auto const& [name, text] : texts)
    object.set(name, text);
  return object;
}

/// A number or a bool that was written as text; other texts as they are.
Value read_text(Value source, TypeKind wanted) {
  if (!source.is_string()) return source;
  auto const text = source.as_string();
  if (wanted == TypeKind::boolean && (text == "true" || text == "false")) return text == "true";
  if (wanted != TypeKind::integer && wanted != TypeKind::number) return source;
  json::Reader reader(text);
  Value number;
  auto const is_number = reader.peek() == ValueKind::number && reader.read_value(number) && reader.finish();
  return is_number ? number : source;
}

Value text_or_undefined(std::optional<std::string> const& text) {
  return text ? Value(*text) : Value();
}

}  // namespace

void read_value(Value const& source, TypeOps const& ops, void* value, std::string_view name) {
  if (source.is_undefined() && ops.make_absent != nullptr) return ops.make_absent(value);
  auto const result = aerie::detail::from_value(source, ops, value);
  if (!result) refuse(result.error(), name);
}

void read_payload(Call& call, TypeOps const& ops, void* value) {
  auto const& context = call.context;
  // The common message has one argument: no tree is made of it.
  if (context.type() == ContextType::ws && context.args().size() == 1)
    return context.args().read_into(0, ops, value);
  read_value(context.payload(), ops, value, {});
}

void read_piped(Call& call, std::size_t index, PipedParameter const& parameter, TypeOps const& ops,
                void* value) {
  auto plain = call.piped.empty() ? source_value(call.context, parameter) : call.piped[index];
  auto const is_text = parameter.source != ArgumentSource::body && parameter.source != ArgumentSource::custom;
  if (is_text) plain = read_text(std::move(plain), ops.shape.kind);
  read_value(plain, ops, value, parameter.name);
}

Value source_value(ExecutionContext& context, PipedParameter const& parameter) {
  auto const name = parameter.name;
  switch (parameter.source) {
    case ArgumentSource::custom:
      return parameter.extract(context);
    case ArgumentSource::body:
      return name.empty() ? context.payload_for_changes() : context.payload()[name];
    case ArgumentSource::param: {
      auto const& parameters = context.request().parameters;
      if (name.empty()) return object_of(parameters);
      auto const found =
          std::ranges::find_if(parameters, [&](auto const& each) { return each.first == name; });
      return found == parameters.end() ? Value() : Value(found->second);
    }
    case ArgumentSource::query:
      if (name.empty()) return read_form(context.request().head.query());
      return text_or_undefined(context.request().query(name));
    case ArgumentSource::header: {
      auto const& request = context.request();
      return request.head.has(name) ? Value(request.header(name)) : Value();
    }
  }
  return {};
}

}}}  // namespace aerie::v1::gateway
