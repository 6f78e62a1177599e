#pragma once

#include "load/http_exchange.hpp"
#include "load/round_trip_scenario.hpp"

#include <memory>
#include <string>
#include <vector>

namespace load {

/// Each connection has one HTTP request under way, the same over and over, and sends the next one when it is
/// answered as the first one was.
class Requests : public RoundTripScenario {
 protected:
  Requests(Options const& options, std::string request);

 private:
  void begin() override;

  void start(std::size_t client) override { clients_[client]->request(request_); }
  void on_body(std::size_t client, std::string_view body);

  std::string request_;
  std::string expected_;  // of the first answer
  std::vector<std::unique_ptr<HttpExchange>> clients_;
};

/// An order of seven fields, as JSON.
class Post final : public Requests {
 public:
  explicit Post(Options const& options);
};

/// A file.
class Get final : public Requests {
 public:
  explicit Get(Options const& options);
};

}  // namespace load
