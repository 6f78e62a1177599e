#pragma once

/// \file
/// The pipe that checks messages against the rules of their described types.
///
///     app.use<aerie::ValidationPipe>({.whitelist = true, .transform = true});
///
/// Whatever holds values of described types is checked: structs, and arrays, maps, tuples, optionals and
/// variants of them, as a payload, as single arguments, as properties. Everything else passes; so do custom
/// parameters by default. With `transform` a described type is made of nothing as of an empty object. What is
/// wrong is a BadRequestException with all the texts for a controller's client. For a gateway's client it is
/// a ValidationException, which tells it the same; with NestJS it would hear "Internal server error", as of
/// every HttpException. Who wants exactly that sets `always_http_exception`.
/// https://docs.nestjs.com/techniques/validation

#include <aerie/core/api.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/layers.hpp>
#include <aerie/schema/validate.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

/// A message of a gateway that its type's rules refuse. The client gets `{status: "error", code:
/// "VALIDATION_FAILED", message: [texts]}`.
class AERIE_API ValidationException : public WsException {
 public:
  /// `messages` is what the client is told, a list of texts or lists by path; nothing: no texts.
  ValidationException(std::vector<ValidationError> errors, Value messages);

  /// For filters that say it in another way.
  std::vector<ValidationError> const& errors() const noexcept { return errors_; }

 private:
  std::vector<ValidationError> errors_;
};

/// Makes the exception for a list of errors: a function that returns it, or a std::exception_ptr, or throws.
class ValidationExceptionFactory {
 public:
  ValidationExceptionFactory() = default;
  /// `function` is called on the shard of whoever has sent the message.
  template <class F>
  requires std::invocable < F&, std::vector<ValidationError>
  const& > ValidationExceptionFactory(F function)
      : make_([function = std::move(function)](std::vector<ValidationError> const& errors) {
          return to_pointer(function(errors));
        }) {}

  explicit operator bool() const noexcept { return static_cast<bool>(make_); }
  std::exception_ptr operator()(std::vector<ValidationError> const& errors) const { return make_(errors); }

 private:
  static std::exception_ptr to_pointer(std::exception_ptr error) { return error; }
  template <class E>
  static std::exception_ptr to_pointer(E error) {
    return std::make_exception_ptr(std::move(error));
  }

  std::function<std::exception_ptr(std::vector<ValidationError> const&)> make_;
};

/// How the texts of several errors are put together.
enum class ErrorFormat : std::uint8_t {
  list,     ///< `["items.0.name must be a string"]`
  grouped,  ///< `{"items.0.name": ["name must be a string"]}`
};

/// The options of NestJS' ValidationPipe.
struct ValidationPipeOptions {
  /// Members that are not described are removed.
  bool whitelist = false;
  /// With `whitelist`: they are errors instead.
  bool forbid_non_whitelisted = false;
  /// A type without described members is an error.
  bool forbid_unknown_values = false;
  /// Says of the value that it is of its type: `Payload::is_transformed`. Nothing and null become an empty
  /// object where a described struct is wanted.
  bool transform = false;
  /// Scalars are converted to the type of their member before, as JavaScript converts them.
  bool enable_implicit_conversion = false;
  /// Values of aerie::Custom parameters are checked, too.
  bool validate_custom = false;
  /// At most one failed rule for each member.
  bool stop_at_first_error = false;
  /// Members that are undefined are not validated.
  bool skip_undefined_properties = false;
  /// Members that are null are not validated.
  bool skip_null_properties = false;
  /// Both.
  bool skip_missing_properties = false;
  /// Only texts of the application's own are sent.
  bool dismiss_default_messages = false;
  /// No texts at all.
  bool disable_error_messages = false;
  /// Of the answer to a controller's client.
  int error_http_status = 400;
  /// Which values errors repeat, for an `exception_factory` that sends them.
  ErrorValues error_values = ErrorValues::leaves;
  /// If any, rules without groups and of other groups are left out.
  std::vector<std::string> groups = {};
  /// Rules without groups are checked whatever `groups` are.
  bool always = false;
  /// Of the `message` of the answer.
  ErrorFormat error_format = ErrorFormat::list;
  /// Characters of texts that an answer lists at most.
  std::size_t max_messages_length = default_max_messages_length;
  /// Throws an HttpException for gateways too, as NestJS does.
  bool always_http_exception = false;
  /// Makes the exception, for gateways and controllers.
  ValidationExceptionFactory exception_factory = {};
};

namespace gateway {
/// Throws what says that a value is not what it should be, as the options want it said.
[[noreturn]] AERIE_API void refuse_invalid(std::vector<ValidationError> errors, bool is_complete,
                                           ArgumentInfo const& info, ValidationPipeOptions const& options);
}  // namespace gateway

/// Thread contract: immutable; used by all shards.
class AERIE_API ValidationPipe {
 public:
  using Options = ValidationPipeOptions;
  using inject = aerie::inject<>;
  static constexpr bool only_checks = true;

  ValidationPipe() = default;
  /// With settings of its own.
  explicit ValidationPipe(Options options);

  /// For the framework: `transform` never returns a task.
  static constexpr bool may_wait = false;

  gateway::PipeResult transform(Value value, ArgumentInfo const& info) const;
  /// True for most messages that are right: no tree is made of them. See gateway::Pipe.
  bool passes(std::string_view json, ArgumentInfo const& info) const;

 private:
  Options options_;
  ValidationOptions checks_;
};

/// Rules for one parameter whose type is no described struct, a pipe of that parameter:
///
///     struct Age {
///       static constexpr std::string_view name = "age";  // in texts; "value" without it
///       static void describe(aerie::FieldRef field) { field.minimum(0).maximum(150); }
///     };
///     void celebrate(aerie::Body<"age", std::int64_t, aerie::Check<std::int64_t, Age>> age);
///
/// What is wrong is said as the ValidationPipe says it. Thread contract: immutable; used by all shards.
template <class T, class Rules>
class Check {
 public:
  using inject = aerie::inject<>;
  static constexpr bool only_checks = true;

  gateway::PipeResult transform(Value value, ArgumentInfo const& info) const {
    auto held = Value::object();
    held.as_object().set(name(), std::move(value));
    auto result = validate<Held>(std::move(held));
    if (!result) gateway::refuse_invalid(std::move(result.errors), result.is_complete, info, {});
    return Value(result.plain[name()]);
  }

 private:
  static constexpr std::string_view name() {
    if constexpr (requires { Rules::name; }) {
      return Rules::name;
    } else {
      return "value";
    }
  }
  struct Held {
    T value{};
    static void describe(Schema<Held>& s) { Rules::describe(s.template field<&Held::value>(name())); }
  };
};

}}  // namespace aerie::v1
