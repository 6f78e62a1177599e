#include "client/dialer.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/worker_pool.hpp>
#include <aerie/tls/stream.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace client {

namespace {

/// From the name to the stream that is spoken over.
class NetworkDialing final : public Dialing {
 public:
  NetworkDialing(core::Shard& shard, std::shared_ptr<Route const> route, core::Connector::Done done)
      : shard_(shard), route_(std::move(route)), done_(std::move(done)), anchor_(shard), connector_(shard) {}
  ~NetworkDialing() override {
    if (tunnel_) shard_.retire(std::move(tunnel_));
  }

  void begin() {
    auto const& proxy = route_->proxy;
    if (!proxy) {
      return connect(route_->server.host, route_->server.port,
                     [this](core::Connected connected) { reached(std::move(connected)); });
    }
    // The rest begins in the callback, which a task of the pool or of the connector makes.
    if (proxy->kind != ProxyUrl::Kind::socks5) return connect_to_proxy(route_->server);
    look_up();
  }

 private:
  void connect(std::string const& host, std::uint16_t port, core::Connector::Done done) {
    connector_.connect({.host = host, .port = port, .path = {}}, route_->deadline, std::move(done));
  }

  /// The proxy is told an address.
  void look_up() {
    shard_.runtime().workers().submit_patient([ref = anchor_.ref(), host = route_->server.host, this] {
      auto found = core::look_up(host);
      ref.post([found = std::move(found), this] {
        if (found.addresses.empty()) return done_({.stream = nullptr, .error = {}, .reason = found.error});
        connect_to_proxy({.host = found.addresses.front().address(), .port = route_->server.port});
      });
    });
  }

  void connect_to_proxy(ProxyTarget target) {
    connect(route_->proxy->host, route_->proxy->port,
            [this, target = std::move(target)](core::Connected connected) mutable {
              if (!connected.stream) {
                connected.reason = core::concat("the proxy: ", connected.reason);
                return done_(std::move(connected));
              }
              auto stream = std::move(connected.stream);
              if (route_->proxy_tls)
                stream = tls::connect(std::move(stream), route_->proxy_tls, route_->proxy->host);
              tunnel_ = std::make_unique<Tunnel>(
                  std::move(stream), talk_to(*route_->proxy, target), route_->deadline,
                  [this](core::Connected tunnelled) { reached(std::move(tunnelled)); });
            });
  }

  void reached(core::Connected connected) {
    if (connected.stream && route_->tls)
      connected.stream = tls::connect(std::move(connected.stream), route_->tls, route_->server.host);
    done_(std::move(connected));
  }

  core::Shard& shard_;
  std::shared_ptr<Route const> route_;
  core::Connector::Done done_;
  core::Anchor anchor_;
  core::Connector connector_;
  std::unique_ptr<Tunnel> tunnel_;
};

std::shared_ptr<Route const> route_to(Url const& url, Options const& options) {
  auto route = std::make_shared<Route>();
  route->server = {.host = url.host, .port = url.port};
  route->deadline = options.timeout;
  if (url.secure) route->tls = tls::Context::client(options.tls);
  if (options.proxy.empty()) return route;
  route->proxy = ProxyUrl::parse(options.proxy);
  if (route->proxy->kind == ProxyUrl::Kind::https) {
    // Of the options only the authorities are about the proxy as well.
    route->proxy_tls = tls::Context::client({.ca_file = options.tls.ca_file, .verify = options.tls.verify});
  }
  return route;
}

}  // namespace

// --- Dial

void Dial::begin(Dialer& dialer, core::Connector::Done done) {
  cut();
  wanted_ = std::make_shared<bool>(true);
  dialing_ = dialer.dial(
      [this, wanted = wanted_, &shard = shard_, done = std::move(done)](core::Connected connected) mutable {
        if (!*wanted) {
          if (connected.stream) connected.stream->close();
          return shard.retire(std::move(connected.stream));
        }
        // Its own end destroys what is called here.
        auto const call = std::move(done);
        cut();
        call(std::move(connected));
      });
}

void Dial::cut() noexcept {
  if (!dialing_) return;
  *std::exchange(wanted_, nullptr) = false;
  shard_.retire(std::move(dialing_));
}

// --- Tunnel

Tunnel::Tunnel(std::unique_ptr<core::Stream> stream, std::unique_ptr<ProxyTalk> talk,
               core::Milliseconds deadline, core::Connector::Done done)
    : shard_(stream->shard()),
      anchor_(shard_),
      stream_(std::move(stream)),
      talk_(std::move(talk)),
      done_(std::move(done)) {
  if (deadline != core::Milliseconds::max()) shard_.start(deadline_, deadline);
  stream_->set_handler(this);
  stream_->write(talk_->begin());
}

Tunnel::~Tunnel() {
  deadline_.cancel();
  if (!stream_) return;
  stream_->close();
  shard_.retire(std::move(stream_));
}

void Tunnel::on_data(std::span<char> bytes) {
  std::string_view input(bytes.data(), bytes.size());
  // A server says nothing before it is spoken to.
  if (is_over_) return fail("the proxy has sent more than its answer");
  std::string output;
  auto const status = talk_->receive(input, output);
  if (status == ProxyTalk::Status::failed) return fail(talk_->error());
  if (!output.empty()) stream_->write(output);
  if (status == ProxyTalk::Status::more) return;
  if (!input.empty()) return fail("the proxy has sent more than its answer");
  is_over_ = true;
  anchor_.ref().post([this] {
    if (stream_) give({.stream = std::move(stream_), .error = {}, .reason = {}});
  });
}

void Tunnel::on_closed(std::error_code reason) {
  fail(reason ? core::concat("the proxy: ", reason.message()) : "the proxy has closed the connection");
}

void Tunnel::fail(std::string reason) {
  if (!stream_) return;
  stream_->close();
  shard_.retire(std::move(stream_));
  is_over_ = true;
  give({.stream = nullptr, .error = {}, .reason = std::move(reason)});
}

void Tunnel::give(core::Connected result) {
  deadline_.cancel();
  auto const done = std::exchange(done_, nullptr);
  if (done) done(std::move(result));
}

// --- NetworkDialer

NetworkDialer::NetworkDialer(core::Shard& shard, Url const& url, Options const& options)
    : shard_(shard), route_(route_to(url, options)) {}

std::unique_ptr<Dialing> NetworkDialer::dial(core::Connector::Done done) {
  auto dialing = std::make_unique<NetworkDialing>(shard_, route_, std::move(done));
  dialing->begin();
  return dialing;
}

}}}  // namespace aerie::v1::client
