#pragma once

/// \file
/// Forms that strings have: what validator.js (https://github.com/validatorjs/validator.js), and so
/// class-validator, takes for them with default options. The texts are UTF-8 or WTF-8.

#include <optional>
#include <string_view>

namespace aerie { inline namespace v1 { namespace schema {

bool is_email(std::string_view text);

/// A URL with the scheme http, https or ftp, or without one.
bool is_url(std::string_view text);

/// A fully qualified host name: at least two labels, the last of which is no number.
bool is_host_name(std::string_view text);

bool is_ipv4(std::string_view text);
/// With or without a zone.
bool is_ipv6(std::string_view text);

/// Any version, the nil and the max UUID where `version` is empty.
bool is_uuid(std::string_view text, std::optional<int> version);

}}}  // namespace aerie::v1::schema
