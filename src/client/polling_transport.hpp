#pragma once

#include "client/http_channel.hpp"
#include "client/transport.hpp"

#include <memory>

namespace aerie { inline namespace v1 { namespace client {

/// Long polling: one request waits for what the server has to say, another takes what the client has.
/// https://socket.io/docs/v4/engine-io-protocol/#http-long-polling
class PollingTransport final : public ClientTransport {
 public:
  explicit PollingTransport(Settings const& settings);

  Transport kind() const noexcept override { return Transport::polling; }
  void open() override;
  bool writable() const noexcept override { return is_open_ && !pausing_ && !posts_->busy(); }
  void send(std::span<OutPacket const> packets) override;
  void pause() override;
  void close() noexcept override;
  void cut() noexcept override;

 private:
  void poll();
  void polled(HttpResult result);
  void posted(HttpResult const& result);
  bool take_payload(std::string_view payload);
  void check_paused();
  void drop() noexcept;
  void fail(std::string_view message, HttpResult result);

  std::unique_ptr<HttpChannel> polls_;
  std::unique_ptr<HttpChannel> posts_;
  bool is_open_ = false;
  bool pausing_ = false;
  bool paused_ = false;
};

}}}  // namespace aerie::v1::client
