#pragma once

#include "http/connection.hpp"
#include "unit/http/server_fixture.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace aerie::http {

/// A server whose only service is the test's own.
class ConnectionTest : public ServerFixture {
 protected:
  explicit ConnectionTest(ServerOptions options = {}) : ServerFixture(1, std::move(options)) {
    server.mount("/", service);
  }
  void answer_at_once() {
    service.on_begin = [](Exchange& exchange) { exchange.respond(200, "", exchange.head().target()); };
  }

  static std::string post(std::string_view headers, std::string_view body = "") {
    return std::string("POST / HTTP/1.1\r\nHost: a\r\n").append(headers).append("\r\n").append(body);
  }
};

}  // namespace aerie::http
