#include "load/scenarios/requests.hpp"

#include <utility>

namespace load {

namespace {

std::string head(Options const& options, std::string_view line) {
  return std::string(line) + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(options.port) +
         "\r\nUser-Agent: bench_load\r\nAccept: */*\r\nConnection: keep-alive\r\n";
}

std::string order(Options const& options) {
  std::string const body =
      R"({"customer":"ada1815","item":"a box of pencils","quantity":12,"size":"large","express":true,)"
      R"("extras":["a ribbon","a card"],"note":"Please leave it with the neighbours."})";
  return head(options, "POST /orders") +
         "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

}  // namespace

Requests::Requests(Options const& options, std::string request)
    : RoundTripScenario(options, "request", options.connections), request_(std::move(request)) {
  for (std::size_t client = 0; client < options.connections; ++client)
    clients_.push_back(std::make_unique<HttpExchange>(
        loop(), [this, client](std::string_view body) { on_body(client, body); },
        [this](std::string_view) { wrong_answer(); }));
}

void Requests::begin() {
  for (auto const& client : clients_)
    client->open(options().server());
  begin_trips();
}

void Requests::on_body(std::size_t client, std::string_view body) {
  if (expected_.empty()) expected_ = body;
  if (body.empty() || body != expected_) return wrong_answer();
  end_trip(client);
}

Post::Post(Options const& options) : Requests(options, order(options)) {}

Get::Get(Options const& options) : Requests(options, head(options, "GET /files/prose.txt") + "\r\n") {}

}  // namespace load
