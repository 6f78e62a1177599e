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
  std::pair<std::string_view, std::string_view*> const wanted[] = {
      {"upgrade", &request.upgrade},
      {"connection", &request.connection},
      {"sec-websocket-key", &request.key},
      {"sec-websocket-version", &request.version},
      {"sec-websocket-protocol", &request.protocol},
      {"sec-websocket-extensions", &request.extensions}};
  head.each_header([&](std::string_view name, std::string_view value) {
    for (auto const& [header, place] : wanted) {
      if (header.size() == name.size() && http::equal_ignoring_case(header, name)) *place = value;
    }
  });
  return request;
}

}  // namespace

AcceptedWebSocket accept_websocket(http::Exchange& exchange, websocket::HandshakeOptions const& options,
                                   websocket::KeyHasher& hasher, std::string_view header_lines) {
  auto const& head = exchange.head();
  auto const request = upgrade_request(head);
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
