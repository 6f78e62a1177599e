#pragma once

#include <aerie/engineio/options.hpp>
#include <aerie/http/cookie.hpp>

namespace aerie { inline namespace v1 { namespace engineio {

/// What the session cookie's attributes are in HTTP. REQUIRES: its `same_site` has been checked.
http::CookieAttributes attributes_of(CookieOptions const& cookie);

}}}  // namespace aerie::v1::engineio
