#pragma once

/// \file
/// What the cases are played against: an endpoint that sends back every message, in either role.

#include <aerie/websocket/deflate_options.hpp>
#include <aerie/websocket/frame.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aerie::websocket::cases {

class Endpoint {
 public:
  virtual ~Endpoint() = default;

  /// Takes what the tester has written and returns what is sent for it.
  virtual std::string read(std::string_view bytes) = 0;
  /// True once the endpoint has ended the connection, or waits for the tester to.
  virtual bool is_over() const = 0;
};

/// A server is a whole Link on a stream, a client a Peer.
std::unique_ptr<Endpoint> make_endpoint(Role role, std::optional<DeflateParameters> const& deflate);

}  // namespace aerie::websocket::cases
