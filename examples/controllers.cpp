// What controllers do beside a request and an answer of JSON: files of forms, events, long answers, versions.
#include "port.hpp"

#include <aerie/contract/emit.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/gateway/gateways.hpp>

#include <chrono>
#include <cstdint>
#include <string>

using namespace std::chrono_literals;

class PicturesController {
 public:
  static void describe(aerie::Controller<PicturesController>& c) {
    c.at("pictures").version("1");
    c.post<&PicturesController::upload>().multipart({.max_files = 1, .max_file_bytes = 100'000});
  }

 private:
  std::string upload(aerie::Body<"title", std::string> title, aerie::File<"picture"> picture) {
    return *title + ": " + std::to_string(picture->content.size()) + " bytes of " + picture->type;
  }
};

class PricesController {
 public:
  static void describe(aerie::Controller<PricesController>& c) {
    c.at("prices").version("1");
    c.sse<&PricesController::live>("live/:from");
    c.get<&PricesController::table>("table");
  }

 private:
  aerie::Generator<aerie::Event<std::int64_t>> live(aerie::Param<"from", std::int64_t> from) {
    for (auto cents = *from;; ++cents) {
      co_yield aerie::Event<std::int64_t>("price", cents);
      co_await aerie::sleep_for(100ms);
    }
  }

  static aerie::Generator<std::string> rows() {
    for (int row = 1; row <= 1000; ++row)
      co_yield std::to_string(row) + "," + std::to_string(row * row) + "\n";
  }
  aerie::http::Response table() { return aerie::http::Response::streamed("text/csv; charset=utf-8", rows()); }
};

class StatusController {
 public:
  static void describe(aerie::Controller<StatusController>& c) {
    c.version(aerie::version_neutral);
    c.get<&StatusController::status>("status");
  }

 private:
  std::string status() { return "fine"; }
};

struct AppModule {
  static void describe(aerie::Module& m) {
    m.controllers<PicturesController, PricesController, StatusController>();
  }
};

int main(int argc, char** argv) {
  aerie::ContractOptions contract;
  contract.routes = {"api", {.exclude = {"status"}}, aerie::VersioningOptions{}};
  if (auto const status = aerie::emit_contract<AppModule>(argc, argv, contract)) return *status;
  auto app = aerie::Application::create<AppModule>();
  app.enable_shutdown_hooks();
  app.set_global_prefix("api", {.exclude = {"status"}});
  app.enable_versioning();  // /api/v1/pictures, /status
  app.listen(example::port(argc, argv));
  app.run();
}
