#pragma once

/// \file
/// Entity tags (RFC 9110 §8.8.3). Functions without state: callable from any thread.

#include <aerie/core/api.hpp>

#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// Whether the value of an If-None-Match header has `tag` (with its quotes) or `*`: weak comparison (RFC 9110
/// §13.1.2).
AERIE_API bool matches_tag(std::string_view if_none_match, std::string_view tag) noexcept;

}}}  // namespace aerie::v1::http
