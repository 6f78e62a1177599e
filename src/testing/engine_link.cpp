#include "testing/engine_link.hpp"

#include "testing/polling_link.hpp"

#include <aerie/core/log.hpp>

#include <array>
#include <utility>

namespace aerie { inline namespace v1 { namespace testing {

namespace {

class WebSocketLink final : public EngineLink {
 public:
  WebSocketLink(std::shared_ptr<Network> network, std::optional<std::uint16_t> port, std::string_view target,
                Headers headers)
      : end_(std::move(network), port, target, std::move(headers)) {}

  bool pump() override { return end_.pump(); }
  // Until the server has answered it is as good as open.
  bool is_open() const noexcept override { return end_.is_open() || end_.handshake().status == 0; }
  std::string refusal() const override { return end_.is_open() ? "" : end_.handshake().body; }
  std::vector<Message> take() override { return std::exchange(end_.messages(), {}); }
  void send(std::string_view packet) override { end_.send(websocket::Opcode::text, packet); }
  void send_binary(std::string_view bytes) override { end_.send(websocket::Opcode::binary, bytes); }
  void lose() override { end_.lose(); }

 private:
  WebSocketEnd end_;
};

/// Percent-encodes what a query does not take as it is.
std::string encoded(std::string_view text) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_') {
      result.push_back(c);
    } else {
      result.append({'%', digits[byte >> 4U], digits[byte & 15U]});
    }
  }
  return result;
}

}  // namespace

std::unique_ptr<EngineLink> open_link(std::shared_ptr<Network> const& network, ConnectOptions options) {
  auto const is_polling = options.transport == Transport::polling;
  auto target = core::concat(options.path, options.path.ends_with('/') ? "" : "/",
                             "?EIO=4&transport=", is_polling ? "polling" : "websocket");
  for (auto const& [name, value] : options.query)
    target += core::concat("&", encoded(name), "=", encoded(value));
  if (is_polling) {
    return std::make_unique<PollingLink>(network, options.port, std::move(target),
                                         std::move(options.headers));
  }
  return std::make_unique<WebSocketLink>(network, options.port, target, std::move(options.headers));
}

}}}  // namespace aerie::v1::testing
