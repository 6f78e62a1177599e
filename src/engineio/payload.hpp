#pragma once

#include "engineio/transport.hpp"

#include <aerie/core/api.hpp>
#include <aerie/engineio/dialect.hpp>

#include <span>
#include <string>

namespace aerie { inline namespace v1 { namespace engineio {

/// What answers a poll.
struct Payload {
  std::string bytes;
  /// Protocol 3 has a form that is no text, for packets with bytes among them.
  bool binary = false;
};

/// The payload of these packets for a client that speaks so.
AERIE_API Payload encode_payload(std::span<OutgoingPacket const> packets, Dialect dialect);

}}}  // namespace aerie::v1::engineio
