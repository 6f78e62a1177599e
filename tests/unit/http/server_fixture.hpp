#pragma once

#include <aerie/core/memory_stream.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/http/server.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace aerie::http {

/// A service that notes what it is asked and lets the test answer.
class Recorder : public Service, public ExchangeOwner {
 public:
  void begin(Exchange& exchange) override {
    events.push_back(std::string(exchange.head().method()) + " " + std::string(exchange.head().target()));
    if (on_begin) {
      on_begin(exchange);
    } else {
      hold(exchange);
    }
  }
  void on_body(Exchange& exchange, std::string_view body) override {
    events.push_back("body " + std::string(body));
    held = exchange;
    if (answer_bodies) exchange.respond(200, "", "ok");
  }
  void on_body_too_large(Exchange& exchange) override {
    events.push_back("too large");
    ExchangeOwner::on_body_too_large(exchange);
  }
  void on_aborted(Exchange&) override { events.push_back("aborted"); }
  bool answers_after_end() const noexcept override { return false; }
  std::string_view name() const override { return service_name; }

  void hold(Exchange& exchange) {
    held = exchange;
    exchange.hold(*this);
  }

  std::function<void(Exchange&)> on_begin;
  std::vector<std::string> events;
  std::string service_name;
  Exchange held;
  bool answer_bodies = false;
};

/// A server on a clock that the test turns, with connections in memory.
class ServerFixture : public testing::Test {
 protected:
  explicit ServerFixture(unsigned threads = 1, ServerOptions options = {})
      : runtime({.threads = threads,
                 .log_sink = [this](LogRecord const& record) { log.emplace_back(record.message); },
                 .clock = &clock}),
        server(runtime, std::move(options)) {}

  core::MemoryClient connect() {
    auto pair = core::memory_pair(shard);
    server.serve(std::move(pair.server));
    return std::move(pair.client);
  }
  void run() {
    for (std::size_t round = 0; round < 4; ++round) {
      for (std::size_t i = 0; i < runtime.shard_count(); ++i)
        runtime.shard(i).run_ready();
    }
  }
  void advance(core::Milliseconds by) {
    clock.advance(by);
    run();
  }
  /// Sends `request` and returns what has come back.
  std::string ask(core::MemoryClient& client, std::string_view request) {
    client.write(request);
    run();
    return client.take();
  }
  std::string ask(std::string_view request) {
    auto client = connect();
    return ask(client, request);
  }
  static std::string get(std::string_view target, std::string_view headers = "") {
    return std::string("GET ")
        .append(target)
        .append(" HTTP/1.1\r\nHost: a\r\n")
        .append(headers)
        .append("\r\n");
  }
  static std::string status_line(std::string const& response) {
    return response.substr(0, response.find("\r\n"));
  }
  static std::string body_of(std::string const& response) {
    auto const end = response.find("\r\n\r\n");
    return end == std::string::npos ? "" : response.substr(end + 4);
  }
  static std::string header_of(std::string const& response, std::string_view name) {
    auto const begin = response.find("\r\n" + std::string(name) + ": ");
    if (begin == std::string::npos) return "";
    auto const value = begin + name.size() + 4;
    return response.substr(value, response.find("\r\n", value) - value);
  }

  // Services outlive the server.
  Recorder service;
  std::vector<std::string> log;
  core::ManualClock clock;
  Runtime runtime;
  core::Shard& shard = runtime.shard(0);
  Server server;
};

}  // namespace aerie::http
