#pragma once

/// \file
/// A whole application in one thread, on a clock that the test turns, with connections in memory.

#include "unit/support/server_on_a_clock.hpp"
#include "unit/support/socketio_client.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/gateway/gateways.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace aerie::test {

template <class RootModule>
class ApplicationOnAClock : public ServerOnAClock {
 public:
  explicit ApplicationOnAClock(unsigned threads = 1, std::size_t memory_limit = 0,
                               std::shared_ptr<Tracer> tracer = {})
      : ServerOnAClock(threads, memory_limit, std::move(tracer)),
        app(Application::create<RootModule>(runtime)) {
    entry = &app.http();
  }
  ~ApplicationOnAClock() {
    // Clients that are still there would otherwise meet gateways that are not.
    app.close();
    run();
  }

  /// What is sent back for `method target`, with further header lines and a body.
  Answer request(std::string_view method, std::string_view target, std::string_view body = "",
                 std::string_view headers = "Content-Type: application/json\r\n") {
    app.init();
    std::string text = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n";
    text.append(headers);
    if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    text.append("\r\n").append(body);
    return ask(text);
  }
  Answer get(std::string_view target, std::string_view headers = "") {
    return request("GET", target, "", headers);
  }
  Answer post(std::string_view target, std::string_view json) { return request("POST", target, json); }

  /// A client of the gateways of one namespace.
  SocketIoClient client(std::string_view nsp = "/") {
    app.init();
    SocketIoClient made(*this, Over::websocket);
    made.join(nsp);
    return made;
  }

  Application app;
};

}  // namespace aerie::test
