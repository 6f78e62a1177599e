#pragma once

/// \file
/// HTTP as clients write and read it.

#include <aerie/testing/http_client.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace testing {

struct HttpRequest {
  std::string_view method = "GET";
  std::string_view target = "/";
  Headers headers{};
  std::string_view body{};
};

std::string to_text(HttpRequest const& request);

/// Takes the first whole answer off `bytes`, nothing if there is none yet. `method` is the request's.
std::optional<HttpResponse> take_response(std::string& bytes, std::string_view method = "GET");

}}}  // namespace aerie::v1::testing
