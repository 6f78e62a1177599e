#include <aerie/core/ascii.hpp>
#include <aerie/core/decimal.hpp>
#include <aerie/core/hex.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/trimmed.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/parse_pipes.hpp>
#include <aerie/gateway/validation_pipe.hpp>
#include <aerie/schema/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace aerie { inline namespace v1 {

namespace {

constexpr std::string_view white_space = " \t\n\r\v\f";

bool is_whole(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && std::ranges::all_of(text, core::is_digit);
}

/// The number that a whole text is; nothing if it is none, or not finite.
std::optional<double> to_number(std::string_view text) {
  text = core::trimmed(text, white_space);
  if (text.starts_with('+')) text.remove_prefix(1);
  auto const number = core::decimal<double>(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

/// Whole numbers as integers, so that they can be read as such.
Value number_value(double number) {
  static constexpr double limit = 9007199254740992.0;
  if (std::trunc(number) == number && std::abs(number) <= limit) return static_cast<std::int64_t>(number);
  return number;
}

bool is_trimmed(std::string_view text) {
  return core::trimmed(text, white_space).size() == text.size();
}

std::optional<Value> parse_json(std::string_view text) {
  json::Reader reader(text);
  Value value;
  if (!reader.read_value(value) || !reader.finish()) return std::nullopt;
  return value;
}

}  // namespace

void ParsePipe::refuse(ArgumentInfo const& info, std::string_view text) const {
  if (info.context == ContextType::ws && !options_.always_http_exception) {
    throw WsException(std::string(text));
  }
  if (options_.error_http_status == 400) throw BadRequestException(text);
  throw HttpException::of(options_.error_http_status, text);
}

Value ParseInt::transform(Value value, ArgumentInfo const& info) const {
  if (passes(value) || value.kind() == ValueKind::integer) return value;
  if (value.is_number() && std::isfinite(value.as_double())) {
    auto const number = value.as_double();
    if (std::trunc(number) == number && std::abs(number) < 1e21) return number_value(number);
  }
  if (value.is_string() && is_whole(value.as_string())) {
    auto const text = value.as_string();
    std::int64_t whole = 0;
    auto const result = std::from_chars(text.data(), text.data() + text.size(), whole);
    if (result.ec == std::errc()) return whole;
    if (auto const number = to_number(text)) return *number;
  }
  refuse(info, "Validation failed (numeric string is expected)");
}

Value ParseFloat::transform(Value value, ArgumentInfo const& info) const {
  if (passes(value)) return value;
  if (value.is_number() && std::isfinite(value.as_double())) return value;
  if (value.is_string() && (info.nestjs == NestjsVersion::v11 || is_trimmed(value.as_string()))) {
    if (auto const number = to_number(value.as_string())) return number_value(*number);
  }
  refuse(info, "Validation failed (numeric string is expected)");
}

Value ParseBool::transform(Value value, ArgumentInfo const& info) const {
  if (passes(value) || value.is_bool()) return value;
  if (value == Value("true")) return true;
  if (value == Value("false")) return false;
  refuse(info, "Validation failed (boolean string is expected)");
}

namespace gateway {

bool is_uuid(std::string_view text, int version, NestjsVersion nestjs) noexcept {
  if (text.size() != 36) return false;
  std::size_t zeros = 0;
  std::size_t ones = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    auto const digit = core::hex_digit(text[i]);
    if (is_dash ? text[i] != '-' : digit < 0) return false;
    zeros += digit == 0 ? 1 : 0;
    ones += digit == 15 ? 1 : 0;
  }
  // RFC 9562 §4.1: the variant is in two bits of the fourth group.
  static constexpr std::string_view variants = "89abAB";
  auto const has_variant = variants.find(text[19]) != variants.npos;
  auto const is_of_version = text[14] == static_cast<char>('0' + version);
  if (nestjs == NestjsVersion::v11) return version == 0 || (is_of_version && (version < 4 || has_variant));
  if (version != 0) return is_of_version && has_variant;
  // §5.9 and §5.10: the nil and the max UUID.
  return (has_variant && text[14] >= '1' && text[14] <= '8') || zeros == 32 || ones == 32;
}

Value ParseUuidBase::parse(Value value, ArgumentInfo const& info) const {
  if (passes(value)) return value;
  if (!value.is_string()) refuse(info, "The value passed as UUID is not a string");
  if (is_uuid(value.as_string(), version_, info.nestjs)) return value;
  refuse(info, version_ == 0
                   ? std::string("Validation failed (uuid is expected)")
                   : core::concat("Validation failed (uuid v ", std::to_string(version_), " is expected)"));
}

Value ParseEnumBase::parse(Value value, ArgumentInfo const& info) const {
  if (passes(value)) return value;
  auto const is_name = [&](auto const& entry) {
    return value.is_string() && entry.name == value.as_string();
  };
  if (std::ranges::any_of(names_->entries(), is_name)) return value;
  refuse(info, "Validation failed (enum string is expected)");
}

Value ParseArrayBase::parse(Value value, ArgumentInfo const& info) const {
  if (passes(value)) return value;
  Array items;
  if (value.is_array()) {
    items = std::move(value.as_array());
  } else {
    if (!value.is_string() || (info.nestjs == NestjsVersion::v11 && value.as_string().empty()))
      refuse(info, "Validation failed (parsable array expected)");
    auto rest = core::trimmed(value.as_string(), white_space);
    for (auto end = rest.find(separator_); end != rest.npos; end = rest.find(separator_)) {
      items.emplace_back(rest.substr(0, end));
      rest.remove_prefix(end + separator_.size());
    }
    items.emplace_back(rest);
  }
  for (std::size_t i = 0; i < items.size(); ++i)
    items[i] = item(std::move(items[i]), i, info);
  return items;
}

Value ParseArrayBase::item(Value value, std::size_t index, ArgumentInfo const& info) const {
  auto const wrong = [&](std::string_view what) {
    refuse(info, core::concat("[", std::to_string(index), "] item must be ", what));
  };
  auto const kind = items_->shape.kind;
  if (kind == TypeKind::string) return value;
  // Items of a text are written as in JSON.
  if (value.is_string()) {
    if (auto parsed = parse_json(value.as_string())) value = std::move(*parsed);
  }
  if (kind == TypeKind::integer || kind == TypeKind::number) {
    if (value.is_number()) return value;
    auto const number = value.is_string() ? to_number(value.as_string()) : std::nullopt;
    if (!number) wrong("a number");
    return number_value(*number);
  }
  if (kind == TypeKind::boolean) {
    if (!value.is_bool()) wrong("a boolean value");
    return value;
  }
  if (!has_rules(*items_)) return value;
  ArgumentInfo of_item = info;
  of_item.type = items_;
  ValidationPipe const pipe({.error_http_status = options().error_http_status,
                             .always_http_exception = options().always_http_exception});
  return std::get<Value>(pipe.transform(std::move(value), of_item));
}

}  // namespace gateway

Value DefaultTo::transform(Value value) const {
  auto const is_missing =
      value.is_undefined() || value.is_null() || (value.is_number() && std::isnan(value.as_double()));
  return is_missing ? fallback_ : value;
}

}}  // namespace aerie::v1
