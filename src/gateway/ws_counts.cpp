#include "gateway/ws_counts.hpp"

#include <algorithm>
#include <string>

namespace aerie { inline namespace v1 { namespace gateway {

std::string_view to_string(WsRefusal refusal) noexcept {
  static constexpr std::array<std::string_view, ws_refusal_count> names{"origin", "no_room", "guard"};
  return names[static_cast<std::size_t>(refusal)];
}

void WsTotals::add(WsCounts const& counts) noexcept {
  opened_ += counts.opened.get();
  messages_received_ += counts.messages_received.get();
  bytes_received_ += counts.bytes_received.get();
  messages_sent_ += counts.messages_sent.get();
  bytes_sent_ += counts.bytes_sent.get();
  dropped_ += counts.dropped.get();
  for (std::size_t i = 0; i < closed_.size(); ++i)
    closed_[i] += counts.closed[i].get();
  for (std::size_t i = 0; i < refused_.size(); ++i)
    refused_[i] += counts.refused[i].get();
}

void WsTotals::collect(core::MetricsPage& page) const {
  auto const number = [](std::uint64_t count) { return static_cast<double>(count); };
  std::uint64_t gone = 0;
  for (auto const count : closed_)
    gone += count;
  page.gauge("aerie_websocket_connections", "Plain WebSockets that are open.",
             number(opened_ - std::min(gone, opened_)));
  page.counter("aerie_websocket_connections_opened_total", "Plain WebSockets that have opened.",
               number(opened_));
  for (std::size_t i = 0; i < closed_.size(); ++i) {
    page.counter("aerie_websocket_connections_closed_total", "Plain WebSockets that have ended, by reason.",
                 number(closed_[i]), {{"reason", std::string(to_string(static_cast<DisconnectReason>(i)))}});
  }
  for (std::size_t i = 0; i < refused_.size(); ++i) {
    page.counter("aerie_websocket_refusals_total",
                 "Handshakes of plain WebSockets that were refused, by reason.", number(refused_[i]),
                 {{"reason", std::string(to_string(static_cast<WsRefusal>(i)))}});
  }
  page.counter("aerie_websocket_messages_received_total", "Messages of plain WebSockets' clients.",
               number(messages_received_));
  page.counter("aerie_websocket_received_bytes_total", "What these messages hold.", number(bytes_received_));
  page.counter("aerie_websocket_messages_sent_total",
               "Messages to plain WebSockets' clients, one for each that is sent it.",
               number(messages_sent_));
  page.counter("aerie_websocket_sent_bytes_total", "What these messages hold.", number(bytes_sent_));
  page.counter("aerie_websocket_messages_dropped_total",
               "Messages of clients that were none, or of an event that nobody handles.", number(dropped_));
}

}}}  // namespace aerie::v1::gateway
