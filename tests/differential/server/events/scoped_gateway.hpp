#pragma once

#include "shared/trace.hpp"

#include <aerie/gateway/gateways.hpp>

#include <string>

namespace reference::events {

/// Layers of the whole gateway around those of its handlers.
class ScopedGateway {
 public:
  static void describe(aerie::Gateway<ScopedGateway>& g);

 private:
  aerie::DynamicReply plain(aerie::Value const& payload);
  aerie::DynamicReply both(aerie::Payload<aerie::Value, Append<"-param">> const& payload);
  void fail();
  void fail_both();
  void fail_other();
};

}  // namespace reference::events
