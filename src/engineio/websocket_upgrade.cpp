#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/engineio/websocket_upgrade.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace engineio {

namespace {

/// Finds the headers of the handshake in one pass, where looking up each would take six.
websocket::UpgradeRequest upgrade_request(http::RequestHead const& head) {
  websocket::UpgradeRequest request{};
  request.method = head.method();
  head.each_header([&](std::string_view name, std::string_view value) {
    auto const take = [&](std::string_view wanted, std::string_view& place) {
      if (http::equal_ignoring_case(name, wanted)) place = value;
    };
    // Their lengths tell them apart, and from most others.
    switch (name.size()) {
      case 7:
        return take("upgrade", request.upgrade);
      case 10:
        return take("connection", request.connection);
      case 17:
        return take("sec-websocket-key", request.key);
      case 21:
        return take("sec-websocket-version", request.version);
      case 22:
        return take("sec-websocket-protocol", request.protocol);
      case 24:
        return take("sec-websocket-extensions", request.extensions);
      default:
        return;
    }
  });
  return request;
}

}  // namespace

AcceptedWebSocket accept_websocket(http::Exchange& exchange, websocket::HandshakeOptions const& options,
                                   websocket::KeyHasher& hasher, std::string_view header_lines) {
  auto const& log = exchange.shard().runtime().log();
  auto const& head = exchange.head();
  auto const request = upgrade_request(head);
  auto judged = core::try_user([&] { return websocket::shake_hands(request, options, hasher); });
  if (!judged.has_value()) {
    core::report_exception(log, {"websocket", "a handshake", head.path()}, judged.error());
    exchange.respond_and_close(500, {}, {});
    return {};
  }
  auto const handshake = judged.take();
  AcceptedWebSocket accepted{nullptr, handshake.deflate, {}};
  std::string answer;
  if (handshake.error != websocket::Error::none) {
    websocket::append_refusal(answer, handshake.error);
    auto stream = exchange.take_over(accepted.already_read);
    if (!stream) return accepted;
    stream->write(answer);
    core::Stream::finish(std::move(stream));
    return accepted;
  }
  websocket::append_acceptance(answer, handshake, header_lines);
  accepted.stream = exchange.take_over(accepted.already_read);
  if (accepted.stream) accepted.stream->write(answer);
  return accepted;
}

}}}  // namespace aerie::v1::engineio
