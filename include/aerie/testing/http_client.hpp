#pragma once

/// \file
/// Requests to the controllers of an application under test, without a network.
///
/// Thread contract: as aerie::testing::Application.

#include <aerie/core/api.hpp>
#include <aerie/schema/encodable.hpp>
#include <aerie/schema/value.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace testing {

class Network;

/// Header lines of a request: `{{"Authorization", "Bearer " + token}}`.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// An answer. A plain value.
struct AERIE_API HttpResponse {
  int status = 0;
  /// As they came, in their order.
  Headers headers{};
  std::string body{};

  /// The first header of that name, in any case; empty if there is none.
  std::string_view header(std::string_view name) const noexcept;
  /// The body as JSON. Throws Failure if it is none.
  Value json() const;
};

/// Each request has a connection of its own. All of these throw Failure if the application does not answer at
/// the present time.
class AERIE_API HttpClient {
 public:
  HttpClient(std::shared_ptr<Network> network, std::optional<std::uint16_t> port)
      : network_(std::move(network)), port_(port) {}

  HttpResponse get(std::string_view path, Headers headers = {}) const {
    return request("GET", path, {}, std::move(headers));
  }
  HttpResponse del(std::string_view path, Headers headers = {}) const {
    return request("DELETE", path, {}, std::move(headers));
  }
  /// `body` is sent as JSON: a described type, a Value ...
  HttpResponse post(std::string_view path, EncodableRef body, Headers headers = {}) const {
    return send_json("POST", path, body, std::move(headers));
  }
  HttpResponse put(std::string_view path, EncodableRef body, Headers headers = {}) const {
    return send_json("PUT", path, body, std::move(headers));
  }
  HttpResponse patch(std::string_view path, EncodableRef body, Headers headers = {}) const {
    return send_json("PATCH", path, body, std::move(headers));
  }
  /// Any request; `body` is sent as it is.
  HttpResponse request(std::string_view method, std::string_view path, std::string_view body,
                       Headers headers = {}) const;

 private:
  HttpResponse send_json(std::string_view method, std::string_view path, EncodableRef body,
                         Headers headers) const;

  std::shared_ptr<Network> network_;
  std::optional<std::uint16_t> port_;
};

}}}  // namespace aerie::v1::testing
