#pragma once

/// \file
/// Settings as texts: what they become, and what is said about those that are wrong.

#include <aerie/schema/codec_trait.hpp>
#include <aerie/schema/rule.hpp>
#include <aerie/schema/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

/// The value that a variable's text stands for in a field of this type; nothing if it is none.
std::optional<Value> value_of_setting(TypeShape const& shape, std::string_view text);

/// "a whole number between 1 and 65535": what a field of this type and these rules takes.
std::string wanted_setting(TypeShape const& shape, FieldRules const& rules);
/// Whether the text of `wanted_setting` tells what this rule demands.
bool is_told(std::string_view rule);

/// CLIENT_URL, of clientUrl and of client_url.
std::string variable_name(std::string_view field);

/// "got \"abc\"", for messages: unless a text of that variable may be a secret.
std::string shown_setting(TypeShape const& shape, std::string_view variable, std::string_view text,
                          std::vector<std::string> const& secrets);

}}}  // namespace aerie::v1::gateway
