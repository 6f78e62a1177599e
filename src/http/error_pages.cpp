#include "http/error_pages.hpp"

#include <aerie/core/user_code.hpp>

namespace aerie { inline namespace v1 { namespace http {

Response ErrorPages::answer(Logger const& log, int status, RequestHead const& head, Response plain) const {
  if (!own_) return plain;
  return core::ask_user(log, {"http", "the error answer", head.path()}, std::move(plain), [&] {
    auto response = own_(status, head);
    (void)response.header_lines();
    return response;
  });
}

}}}  // namespace aerie::v1::http
