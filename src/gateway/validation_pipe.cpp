#include <aerie/gateway/validation_pipe.hpp>

#include <utility>

namespace aerie { inline namespace v1 {

namespace {

Value list_of(std::vector<std::string> const& texts) {
  Array list;
  for (auto const& text : texts)
    list.emplace_back(text);
  return list;
}

Value client_error(std::vector<std::string> const& messages) {
  auto error = Value::object({{"status", "error"}, {"code", "VALIDATION_FAILED"}});
  error.as_object().set("message", messages.empty() ? Value("Validation failed") : list_of(messages));
  return error;
}

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
  return checks;
}

}  // namespace

ValidationException::ValidationException(std::vector<ValidationError> errors,
                                         std::vector<std::string> const& messages)
    : WsException(client_error(messages)), errors_(std::move(errors)) {}

ValidationPipe::ValidationPipe(Options options)
    : options_(std::move(options)), checks_(checks_of(options_)) {}

gateway::PipeResult ValidationPipe::transform(Value value, ArgumentInfo const& info) const {
  if (info.schema == nullptr) return value;
  if (info.source == ArgumentSource::custom && !options_.validate_custom) return value;
  auto result = validate(*info.schema, std::move(value), checks_);
  if (!result) refuse(std::move(result.errors), info.context);
  if (options_.transform) return Transformed(std::move(result.plain));
  return std::move(result.plain);
}

void ValidationPipe::refuse(std::vector<ValidationError> errors, ContextType context) const {
  if (options_.exception_factory) std::rethrow_exception(options_.exception_factory(errors));
  std::vector<std::string> messages;
  if (!options_.disable_error_messages) messages = flatten_messages(errors, options_.max_messages_length);
  if (context == ContextType::ws && !options_.always_http_exception) {
    throw ValidationException(std::move(errors), messages);
  }
  auto const message = options_.disable_error_messages ? Value() : list_of(messages);
  if (options_.error_http_status == 400) throw BadRequestException(message);
  throw HttpException::of(options_.error_http_status, message);
}

}}  // namespace aerie::v1
