#pragma once

#include <aerie/http/request.hpp>
#include <aerie/schema/value.hpp>

#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace gateway {

/// The body of a request as a value, by its media type: JSON, or a form (application/x-www-form-urlencoded),
/// in which a name that is repeated has an array. Undefined if there is no body, or one of another type.
/// Throws BadRequestException if it is not what its type says.
Value read_body(http::Request const& request);

/// Whether the body is a form, all of whose values are texts.
bool is_form(http::Request const& request);

/// One more field of a form; a name that is there already gets an array.
void add_field(Object& fields, std::string const& name, std::string value);

/// Parameters as an object of texts; a name that is repeated has an array.
Value read_form(std::string_view text);

}}}  // namespace aerie::v1::gateway
