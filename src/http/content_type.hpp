#pragma once

#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// The media type of a file, by the ending of its name; `application/octet-stream` if that says nothing.
std::string_view content_type_of(std::string_view file_name) noexcept;

/// Whether content of the type becomes much smaller by compression: text does, pictures have been compressed.
bool is_compressible(std::string_view type) noexcept;

}}}  // namespace aerie::v1::http
