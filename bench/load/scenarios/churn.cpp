#include "load/scenarios/churn.hpp"

#include "load/join.hpp"
#include "load/websocket_frames.hpp"

namespace load {

Churn::Churn(Options const& options)
    : RoundTripScenario(options, "cycle", options.connections),
      endpoint_(browser_endpoint(options.server())),
      join_(text_frame(join_packet("bench"))) {
  ClientListener& listener = *this;
  for (std::size_t i = 0; i < options.connections; ++i)
    clients_.push_back(std::make_unique<WebSocketClient>(i, loop(), endpoint_, listener));
}

void Churn::on_ready(std::size_t client) {
  clients_[client]->send(join_);
}

void Churn::on_packet(std::size_t client, std::string_view packet) {
  if (answers_join(packet)) clients_[client]->leave();
}

void Churn::on_closed(std::size_t client, bool asked) {
  if (!asked) return lose_trip();
  end_trip(client);
}

}  // namespace load
