#pragma once

/// \file
/// The same described message, answered by a handler of a Socket.IO server, by one of a gateway, and by one
/// behind a guard, a ValidationPipe and an exception filter.

#include "scene.hpp"

#include <aerie/gateway/gateways.hpp>

#include <memory>
#include <string>

namespace aerie::counts {

/// Who answers "order".
enum class Counter { socket, gateway, guarded_gateway };

class OrderScene : public Scene {
 public:
  explicit OrderScene(Counter counter);
  ~OrderScene();

  /// Orders that ask for an acknowledgement, as frames.
  static std::string orders(std::size_t count);
  /// True if the scene answers an order as it should.
  bool works();

 private:
  std::unique_ptr<Application> app_;
};

}  // namespace aerie::counts
