#pragma once

#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace auth { namespace detail {

/// A text as OpenSSL takes it: what these return points into the text. Thread-safe.
inline unsigned char const* bytes_of(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}
inline unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

}}}}  // namespace aerie::v1::auth::detail
