#pragma once

#include "load/socket.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace load {

/// One HTTP connection that is kept alive, with one request under way at a time. It understands as much of
/// HTTP as the answers to long-polling need: a status and a Content-Length.
class HttpExchange final : private EventTarget {
 public:
  using OnBody = std::function<void(std::string_view body)>;
  using OnFailure = std::function<void(std::string_view why)>;

  HttpExchange(EventLoop& loop, OnBody on_body, OnFailure on_failure)
      : loop_(loop), on_body_(std::move(on_body)), on_failure_(std::move(on_failure)) {}

  /// Connects, anew if it was open.
  void open(Address const& server);
  /// REQUIRES: not busy.
  void close() { socket_.close(); }
  bool busy() const { return busy_; }
  /// Sends a request as soon as the connection stands. REQUIRES: not busy.
  void request(std::string text);

 private:
  void on_events(std::uint32_t events) override;
  void read();
  void take_response();
  void fail(std::string_view why);

  EventLoop& loop_;
  OnBody on_body_;
  OnFailure on_failure_;
  Socket socket_;
  std::string waiting_;  // a request that was made before the connection stood
  std::string input_;
  bool connected_ = false;
  bool busy_ = false;
};

}  // namespace load
