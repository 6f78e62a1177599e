#include "testing/polling_link.hpp"

#include "testing/http_text.hpp"

#include <aerie/core/base64.hpp>
#include <aerie/core/log.hpp>
#include <aerie/schema/codec.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace testing {

namespace {
constexpr char separator = '\x1e';
}

PollingLink::PollingLink(std::shared_ptr<Network> network, std::optional<std::uint16_t> port,
                         std::string target, Headers headers)
    : network_(std::move(network)),
      port_(port),
      target_(std::move(target)),
      headers_(std::move(headers)),
      polls_(network_->connect(port)),
      posts_(network_->connect(port)) {
  begin_poll();
}

void PollingLink::begin_poll() {
  polls_.write(to_text({.target = target_, .headers = headers_}));
}

bool PollingLink::pump() {
  bool sent = false;
  received_ += polls_.take();
  while (is_open_) {
    auto const response = take_response(received_);
    if (!response) break;
    read(*response);
    if (!is_open_) break;
    begin_poll();
    sent = true;
  }
  if (polls_.ended()) is_open_ = false;
  return sent;
}

void PollingLink::read(HttpResponse const& response) {
  if (response.status != 200) {
    is_open_ = false;
    refusal_ = response.body;
    return;
  }
  std::string_view rest = response.body;
  while (true) {
    auto const end = rest.find(separator);
    add(rest.substr(0, end));
    if (end == rest.npos) return;
    rest.remove_prefix(end + 1);
  }
}

void PollingLink::add(std::string_view packet) {
  if (!has_session_) {
    Value handshake;
    if (packet.starts_with('0') && json::parse(packet.substr(1), handshake)) {
      target_ += core::concat("&sid=", handshake["sid"].get_if<std::string_view>().value_or(""));
      has_session_ = true;
    }
  } else if (packet.starts_with('b')) {
    messages_.push_back({true, base64::decode(packet.substr(1)).value_or("")});
  } else {
    messages_.push_back({false, std::string(packet)});
  }
}

void PollingLink::send(std::string_view packet) {
  if (!is_open_) return;
  static_cast<void>(posts_.take());  // The answers say no more than "ok".
  if (posts_.ended()) posts_ = network_->connect(port_);
  auto headers = headers_;
  headers.emplace_back("Content-Type", "text/plain;charset=UTF-8");
  posts_.write(to_text({.method = "POST", .target = target_, .headers = std::move(headers), .body = packet}));
}

void PollingLink::send_binary(std::string_view bytes) {
  send(core::concat("b", base64::encode(bytes)));
}

void PollingLink::lose() {
  polls_.close();
  posts_.close();
  is_open_ = false;
}

}}}  // namespace aerie::v1::testing
