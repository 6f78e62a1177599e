#include "gateway/validation_failed.hpp"

#include <aerie/gateway/validation_pipe.hpp>

#include <utility>

namespace aerie { inline namespace v1 {

namespace {

using gateway::list_of;

ValidationOptions checks_of(ValidationPipeOptions const& options) {
  ValidationOptions checks;
  checks.whitelist = options.whitelist;
  checks.forbid_non_whitelisted = options.forbid_non_whitelisted;
  checks.forbid_unknown_values = options.forbid_unknown_values;
  checks.stop_at_first_error = options.stop_at_first_error;
  checks.skip_undefined_properties = options.skip_undefined_properties;
  checks.skip_null_properties = options.skip_null_properties;
  checks.skip_missing_properties = options.skip_missing_properties;
  checks.dismiss_default_messages = options.dismiss_default_messages;
  checks.enable_implicit_conversion = options.enable_implicit_conversion;
  checks.error_values = options.error_values;
  checks.groups = options.groups;
  checks.always = options.always;
  checks.max_messages_length = options.max_messages_length;
  return checks;
}

/// Errors of a single argument, told apart from those of the others: "1.qty must not be less than 1".
std::vector<ValidationError> of_argument(std::size_t index, std::vector<ValidationError> errors) {
  ValidationError argument;
  argument.property = std::to_string(index);
  argument.children = std::move(errors);
  errors.clear();
  errors.push_back(std::move(argument));
  return errors;
}

bool is_nothing(Value const& value) {
  return value.is_undefined() || value.is_null();
}

}  // namespace

ValidationException::ValidationException(std::vector<ValidationError> errors, Value messages)
    : WsException(gateway::validation_failed(std::move(messages))), errors_(std::move(errors)) {}

ValidationPipe::ValidationPipe(Options options)
    : options_(std::move(options)), checks_(checks_of(options_)) {}

gateway::PipeResult ValidationPipe::transform(Value value, ArgumentInfo const& info) const {
  if (info.type == nullptr || !has_rules(*info.type)) return value;
  if (info.source == ArgumentSource::custom && !options_.validate_custom) return value;
  auto result = validate(*info.type, std::move(value), checks_);
  if (!result) {
    if (info.argument) result.errors = of_argument(*info.argument, std::move(result.errors));
    gateway::refuse_invalid(std::move(result.errors), result.is_complete, info, options_);
  }
  if (!options_.transform) return std::move(result.plain);
  auto const& shape = info.type->shape;
  auto const is_default = shape.kind == TypeKind::object && !shape.is_optional && is_nothing(result.plain);
  return Transformed(is_default ? Value::object() : std::move(result.plain));
}

bool ValidationPipe::passes(std::string_view json, ArgumentInfo const& info) const {
  return info.type != nullptr && is_right_beyond_doubt(*info.type, json, checks_);
}

void gateway::refuse_invalid(std::vector<ValidationError> errors, bool is_complete, ArgumentInfo const& info,
                             ValidationPipeOptions const& options) {
  if (options.exception_factory) std::rethrow_exception(options.exception_factory(errors));
  auto const most = options.max_messages_length;
  auto const is_grouped = options.error_format == ErrorFormat::grouped;
  Value messages;
  if (!options.disable_error_messages && is_grouped) {
    messages = group_messages(errors, most, is_complete);
  } else if (!options.disable_error_messages) {
    auto const parents = info.nestjs == NestjsVersion::v11 ? ParentTexts::last : ParentTexts::first;
    messages = list_of(flatten_messages(errors, most, is_complete, parents));
  }
  if (info.context == ContextType::ws && !options.always_http_exception) {
    throw ValidationException(std::move(errors), std::move(messages));
  }
  auto const status = options.error_http_status;
  if (messages.is_object()) {
    // An object is a whole body.
    messages = Value::object({{"message", std::move(messages)},
                              {"error", HttpException::of(status).body()["message"]},
                              {"statusCode", status}});
  }
  if (status == 400) throw BadRequestException(std::move(messages));
  throw HttpException::of(status, std::move(messages));
}

}}  // namespace aerie::v1
