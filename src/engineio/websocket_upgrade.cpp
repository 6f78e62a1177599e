#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/engineio/websocket_upgrade.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace engineio {

AcceptedWebSocket accept_websocket(http::Exchange& exchange, websocket::HandshakeOptions const& options,
                                   websocket::KeyHasher& hasher, std::string_view header_lines) {
  auto const& head = exchange.head();
  websocket::UpgradeRequest const request{.method = head.method(),
                                          .upgrade = head.header("upgrade"),
                                          .connection = head.header("connection"),
                                          .version = head.header("sec-websocket-version"),
                                          .key = head.header("sec-websocket-key"),
                                          .extensions = head.header("sec-websocket-extensions"),
                                          .protocol = head.header("sec-websocket-protocol")};
  auto judged = core::try_user([&] { return websocket::shake_hands(request, options, hasher); });
  if (!judged.has_value()) {
    core::report_exception(exchange.shard().runtime().log(), {"websocket", "a handshake", head.path()},
                           judged.error());
    exchange.respond_and_close(500, {}, {});
    return {};
  }
  auto const handshake = judged.take();
  AcceptedWebSocket accepted{nullptr, handshake.deflate, {}};
  std::string answer;
  if (handshake.error != websocket::Error::none) {
    websocket::append_refusal(answer, handshake.error);
    auto stream = exchange.take_over(accepted.already_read);
    stream->write(answer);
    core::Stream::finish(std::move(stream));
    return accepted;
  }
  websocket::append_acceptance(answer, handshake, header_lines);
  accepted.stream = exchange.take_over(accepted.already_read);
  accepted.stream->write(answer);
  return accepted;
}

}}}  // namespace aerie::v1::engineio
