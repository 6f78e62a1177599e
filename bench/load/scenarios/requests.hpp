#pragma once

#include "load/http_exchange.hpp"
#include "load/steady_scenario.hpp"

#include <memory>
#include <string>
#include <vector>

namespace load {

/// Each connection has one HTTP request under way, the same over and over, and sends the next one when it is
/// answered as the first one was.
class Requests : public SteadyScenario {
 protected:
  Requests(Options const& options, std::string request);

 private:
  void begin() override;
  std::uint64_t done() const override { return answered_; }
  std::uint64_t under_way() const override { return outstanding_; }
  std::uint64_t failures() const override { return wrong_; }
  Latencies& latencies() override { return latencies_; }

  void send(std::size_t client);
  void on_body(std::size_t client, std::string_view body);

  std::string request_;
  std::string expected_;  // of the first answer
  std::vector<std::unique_ptr<HttpExchange>> clients_;
  std::vector<TimePoint> sent_at_;
  Latencies latencies_;
  std::uint64_t answered_ = 0;
  std::uint64_t outstanding_ = 0;
  std::uint64_t wrong_ = 0;
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
