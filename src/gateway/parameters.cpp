#include "gateway/http_body.hpp"
#include "gateway/text_values.hpp"

#include <aerie/core/log.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/parameters.hpp>
#include <aerie/http/query.hpp>
#include <aerie/http/request.hpp>

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

Value object_of_headers(http::Request const& request) {
  Object object;
  request.head.each_header([&](std::string_view name, std::string_view) {
    std::string key(name);
    std::ranges::transform(
        key, key.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    object.set(key, request.header(name));
  });
  return object;
}

std::vector<std::string> values_of(http::Request const& request, std::string_view name) {
  std::vector<std::string> values;
  http::each_parameter(request.head.query(), [&](std::string const& key, std::string value) {
    if (key == name) values.push_back(std::move(value));
  });
  return values;
}

Value header_value(http::Request const& request, PipedParameter const& parameter) {
  auto const name = parameter.name;
  if (name.empty()) return object_of_headers(request);
  if (!request.head.has(name)) return {};
  if (!is_list(parameter.type->shape)) return request.header(name);
  return take_values(parameter.type->shape, header_elements(request.header(name)));
}

/// Whether the value is made of texts that were sent as such.
bool is_text(ExecutionContext const& context, PipedParameter const& parameter) {
  if (parameter.source == ArgumentSource::custom || parameter.argument) return false;
  if (parameter.source != ArgumentSource::body) return true;
  auto const* const request = context.find_request();
  return request != nullptr && is_form(*request);
}

Value untyped_value(ExecutionContext& context, PipedParameter const& parameter) {
  auto const name = parameter.name;
  switch (parameter.source) {
    case ArgumentSource::custom:
      return parameter.extract(context);
    case ArgumentSource::body:
      if (parameter.argument) return context.args()[*parameter.argument];
      return name.empty() ? context.payload_for_changes() : context.payload()[name];
    case ArgumentSource::param: {
      auto const* const request = context.find_request();
      auto const of_namespace = request == nullptr ? context.params() : decltype(context.params())();
      auto const& parameters = request == nullptr ? of_namespace : request->parameters;
      if (name.empty()) return object_of(parameters);
      auto const found =
          std::ranges::find_if(parameters, [&](auto const& each) { return each.first == name; });
      return found == parameters.end() ? Value() : Value(found->second);
    }
    case ArgumentSource::query:
      if (name.empty()) return read_form(context.request().head.query());
      return take_values(parameter.type->shape, values_of(context.request(), name));
    case ArgumentSource::header:
      return header_value(context.request(), parameter);
  }
  return {};
}

}  // namespace

http::MultipartPart const& file_of(ExecutionContext const& context, std::string_view field) {
  auto const files = context.files();
  auto const found = std::ranges::find(files, field, &http::MultipartPart::name);
  if (found == files.end()) throw BadRequestException(core::concat(field, ": File is required"));
  return *found;
}

std::vector<http::MultipartPart const*> files_of(ExecutionContext const& context, std::string_view field) {
  std::vector<http::MultipartPart const*> found;
  for (auto const& file : context.files()) {
    if (field.empty() || file.name == field) found.push_back(&file);
  }
  return found;
}

void read_value(Value const& source, TypeOps const& ops, void* value, std::string_view name) {
  if (source.is_undefined() && ops.make_absent != nullptr) return ops.make_absent(value);
  auto const result = aerie::detail::from_value(source, ops, value);
  if (!result) refuse(result.error(), name);
}

void read_payload(Call& call, PipedParameter const& parameter, void* value) {
  auto const& context = call.context;
  // The common message has one argument: no tree is made of it.
  if (context.type() == ContextType::ws && context.args().size() == 1) {
    if (!call.passed) return context.args().read_into(0, *parameter.type, value);
    if (context.args().try_read_into(0, *parameter.type, value)) return;
    // It passes its rules, yet is none of that type: that is said in the words of who has a tree.
  }
  read_value(is_text(context, parameter) ? source_value(call.context, parameter) : context.payload(),
             *parameter.type, value, {});
}

void read_piped(Call& call, std::size_t index, PipedParameter const& parameter, void* value) {
  auto plain = call.piped.empty() ? source_value(call.context, parameter) : call.piped[index];
  // Only now: pipes may make something else of a text.
  if (!parameter.name.empty() && is_text(call.context, parameter)) fit_text(*parameter.type, plain);
  read_value(plain, *parameter.type, value, parameter.name);
}

void read_argument(Call& call, std::size_t index, std::size_t argument, TypeOps const& ops, void* value) {
  auto const& source = call.piped[index];
  auto const refuse = [argument](std::string_view why) {
    throw BadArguments(core::concat("argument ", std::to_string(argument + 1), ": ", why));
  };
  if (source.is_undefined()) {
    if (ops.make_absent == nullptr) refuse("is missing");
    return ops.make_absent(value);
  }
  auto const result = aerie::detail::from_value(source, ops, value);
  if (!result) refuse(result.error().to_string());
}

Value source_value(ExecutionContext& context, PipedParameter const& parameter) {
  auto value = untyped_value(context, parameter);
  if (parameter.name.empty() && is_text(context, parameter)) fit_form(*parameter.type, value);
  return value;
}

}}}  // namespace aerie::v1::gateway
