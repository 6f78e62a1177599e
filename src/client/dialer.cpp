#include "client/dialer.hpp"

#include <aerie/tls/stream.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace client {

namespace {

class NetworkDialing final : public Dialing {
 public:
  explicit NetworkDialing(core::Shard& shard) : connector(shard) {}
  core::Connector connector;
};

}  // namespace

NetworkDialer::NetworkDialer(core::Shard& shard, Url const& url, tls::ClientOptions const& tls,
                             core::Milliseconds deadline)
    : shard_(shard),
      address_{.host = url.host, .port = url.port, .path = {}},
      tls_(url.secure ? tls::Context::client(tls) : nullptr),
      deadline_(deadline) {}

std::unique_ptr<Dialing> NetworkDialer::dial(core::Connector::Done done) {
  auto dialing = std::make_unique<NetworkDialing>(shard_);
  dialing->connector.connect(
      address_, deadline_,
      [tls = tls_, host = address_.host, done = std::move(done)](core::Connected connected) {
        if (connected.stream && tls) connected.stream = tls::connect(std::move(connected.stream), tls, host);
        done(std::move(connected));
      });
  return dialing;
}

}}}  // namespace aerie::v1::client
