// The server that the official Engine.IO protocol test suite expects: it sends every message back.
#include "suite_main.hpp"

#include <aerie/engineio/server.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <memory>
#include <string_view>

namespace {

using namespace std::chrono_literals;
using aerie::engineio::Session;

class Echo final : public aerie::engineio::SessionHandler {
 public:
  explicit Echo(Session& session) : session_(session) {}
  void on_text(std::string_view text) override { session_.send_text(text); }
  void on_binary(std::string_view bytes) override { session_.send_binary(bytes); }
  void on_close(aerie::engineio::CloseReason) override {}

 private:
  Session& session_;
};

void serve(conformance::SuiteOptions const& suite) {
  aerie::http::Server http;
  aerie::engineio::ServerOptions options;
  options.ping_interval = 300ms;
  options.ping_timeout = 200ms;
  options.max_http_buffer_size = 1'000'000;
  options.allow_eio3 = suite.allow_eio3;
  aerie::engineio::Server engine(http.runtime(), options);
  engine.hooks.connection = [](Session& session) { session.set_handler(std::make_unique<Echo>(session)); };
  engine.attach(http);
  http.listen(suite.port, "127.0.0.1");
  std::cout << "listening on http://127.0.0.1:" << http.port() << std::endl;
  http.run();
}

}  // namespace

int main(int argc, char** argv) {
  return conformance::run_suite_server(argc, argv, &serve);
}
