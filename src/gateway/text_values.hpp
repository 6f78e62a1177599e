#pragma once

/// \file
/// What a path, a query, a header or a form says, which is all text, as values of the types that are wanted.
/// Whether there is one value or a list of them follows from the type, not from how often a name occurs.
///
/// Functions without state: callable from any thread.

#include <aerie/schema/codec_trait.hpp>
#include <aerie/schema/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

/// Whether the type takes all values of a name: arrays, sets, tuples.
bool is_list(TypeShape const& shape);

/// The values of one name for a type: of a list all of them, but one alone as the text that it is, for pipes
/// that take it apart; of any other type the last; undefined if there are none.
Value take_values(TypeShape const& shape, std::vector<std::string> values);

/// Makes such a value fit: a list is an array, empty where nothing was sent; numbers and booleans are read
/// from their texts. What does not fit is left for decoding to refuse.
void fit_text(TypeOps const& type, Value& value);

/// The same for all members of a form, read as one object.
void fit_form(TypeOps const& type, Value& form);

/// The elements of a header that is a list (RFC 9110 §5.6.1).
std::vector<std::string> header_elements(std::string_view text);

/// Whether a text, or a list of texts, can never be a value of the type.
bool is_never_text(TypeShape const& shape);

/// Whether a form can never be a value of the type: `culprit` is then the member that cannot be, or empty.
bool is_never_form(TypeShape const& shape, std::string& culprit);

}}}  // namespace aerie::v1::gateway
