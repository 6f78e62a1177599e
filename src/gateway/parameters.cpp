#include <aerie/core/log.hpp>
#include <aerie/gateway/parameters.hpp>
#include <aerie/http/request.hpp>

#include <algorithm>

namespace aerie::inline v1::gateway {

namespace {

[[noreturn]] void refuse(DecodeError const& error, std::string_view name) {
  if (name.empty()) throw BadArguments(error.to_string());
  if (error.path.empty()) throw BadArguments(core::concat(name, ": ", error.message));
  throw BadArguments(core::concat(name, ".", error.to_string()));
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
  if (context.args().size() == 1) return context.args().read_into(0, ops, value);
  read_value(context.payload(), ops, value, {});
}

Value source_value(ExecutionContext const& context, ArgumentSource source, std::string_view name) {
  switch (source) {
    case ArgumentSource::body:
      return name.empty() ? context.payload() : context.payload()[name];
    case ArgumentSource::param: {
      auto const& parameters = context.request().parameters;
      auto const found =
          std::ranges::find_if(parameters, [&](auto const& each) { return each.first == name; });
      return found == parameters.end() ? Value() : Value(found->second);
    }
    case ArgumentSource::query:
      return text_or_undefined(context.request().query(name));
    case ArgumentSource::header: {
      auto const& request = context.request();
      return request.head.has(name) ? Value(request.header(name)) : Value();
    }
  }
  return {};
}

}  // namespace aerie::inline v1::gateway
