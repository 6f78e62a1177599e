#pragma once

#include "load/round_trip_scenario.hpp"
#include "load/socket.hpp"

#include <memory>
#include <vector>

namespace load {

/// So many clients at a time connect, do a TLS handshake, say that this is all, and wait for the server to
/// close the connection, over and over.
class Handshakes final : public RoundTripScenario {
 public:
  /// Throws std::runtime_error without TLS.
  explicit Handshakes(Options const& options);
  ~Handshakes() override;

 private:
  class Visitor;

  void start(std::size_t visitor) override;
  void on_closed(std::size_t visitor, bool as_wanted);

  std::vector<std::unique_ptr<Visitor>> visitors_;
};

}  // namespace load
