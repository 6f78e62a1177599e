// Validates at the word of differential.mjs: every line of standard input is a Request in JSON, every line of
// standard output its Reply.

#include "described.hpp"

#include <iostream>
#include <stdexcept>

namespace {

using aerie::Value;
using validation::FieldRequest;

// A message and its type: one that the program knows, or one made of fields.
struct Request {
  std::optional<std::string> dto;
  std::optional<std::vector<FieldRequest>> fields;
  Value payload;
  aerie::Object options;

  static void describe(aerie::Schema<Request>& s) {
    s.field<&Request::dto>();
    s.field<&Request::fields>();
    s.field<&Request::payload>();
    s.field<&Request::options>();
  }
};

struct Reply {
  std::vector<aerie::ValidationError> errors;
  std::vector<std::string> messages;
  Value plain;

  static void describe(aerie::Schema<Reply>& s) {
    s.field<&Reply::errors>();
    s.field<&Reply::messages>();
    s.field<&Reply::plain>();
  }
};

aerie::ValidationOptions options_of(aerie::Object const& object) {
  auto const is_on = [&object](std::string_view name) { return object[name] == Value(true); };
  aerie::ValidationOptions options;
  options.whitelist = is_on("whitelist");
  options.forbid_non_whitelisted = is_on("forbidNonWhitelisted");
  options.forbid_unknown_values = is_on("forbidUnknownValues");
  options.stop_at_first_error = is_on("stopAtFirstError");
  options.skip_undefined_properties = is_on("skipUndefinedProperties");
  options.skip_null_properties = is_on("skipNullProperties");
  options.skip_missing_properties = is_on("skipMissingProperties");
  options.dismiss_default_messages = is_on("dismissDefaultMessages");
  options.enable_implicit_conversion = is_on("enableImplicitConversion");
  options.always = is_on("always");
  options.strict_groups = is_on("strictGroups");
  if (auto const* groups = object["groups"].get_if<aerie::Array>()) {
    for (Value const& group : *groups)
      options.groups.emplace_back(group.as_string());
  }
  return options;
}

Reply answer(Request request) {
  auto const options = options_of(request.options);
  auto result = [&] {
    if (request.fields) {
      auto const schema = validation::schema_of_request(*request.fields);
      return aerie::validate(schema, std::move(request.payload), options);
    }
    auto const* const schema = validation::described_type(request.dto.value_or(""));
    if (schema == nullptr) throw std::logic_error("there is no such type");
    return aerie::validate(*schema, std::move(request.payload), options);
  }();
  auto messages = aerie::flatten_messages(result.errors);
  return {
      .errors = std::move(result.errors), .messages = std::move(messages), .plain = std::move(result.plain)};
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) {
    Request request;
    if (auto const read = aerie::json::parse(line, request); !read) {
      std::cerr << read.error().to_string() << '\n';
      return 1;
    }
    std::cout << aerie::json::stringify(answer(std::move(request))) << '\n';
  }
}
