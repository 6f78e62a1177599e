#pragma once

#include <aerie/gateway/gateways.hpp>

#include <string>

namespace reference::lab {

/// Handlers that answer by hand. What they return is then never the acknowledgement.
class Acknowledgements {
 public:
  static void describe(aerie::Gateway<Acknowledgements>& g);

 private:
  aerie::Task<std::string> manual(aerie::Ack<> ack, aerie::Value payload);
  aerie::Event<std::string> manual_and_event(aerie::Ack<> ack);
  void arguments(aerie::Ack<> ack);
  void third(aerie::Socket& socket, aerie::Value const& payload, aerie::Ack<> ack);
  void twice(aerie::Ack<> ack);
};

}  // namespace reference::lab
