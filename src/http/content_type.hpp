#pragma once

#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// The media type of a file, by the ending of its name; `application/octet-stream` if that says nothing.
std::string_view content_type_of(std::string_view file_name) noexcept;

}}}  // namespace aerie::v1::http
