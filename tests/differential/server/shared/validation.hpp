#pragma once

#include <aerie/gateway/gateways.hpp>

#include <vector>

namespace reference {

/// For ValidationPipe: tells a gateway's client everything that is wrong.
inline aerie::WsException ws_exception_of(std::vector<aerie::ValidationError> const& errors) {
  return aerie::WsException(aerie::to_value(errors));
}

}  // namespace reference
