#include "load/scenarios/upgrade.hpp"

#include "load/polling_client.hpp"
#include "load/websocket_frames.hpp"

namespace load {

/// One client; a packet of Socket.IO may come over either transport.
class Upgrade::Visitor final : private PollingListener, private ClientListener {
 public:
  Visitor(std::size_t index, Upgrade& owner)
      : owner_(owner),
        polling_(index, owner.loop(), owner.options().server(), *this),
        websocket_(index, owner.loop(), owner.endpoint_, *this) {}

  void open() {
    joined_ = false;
    upgraded_ = false;
    polling_.open();
  }

 private:
  void on_session(std::size_t, std::string_view id) override { websocket_.upgrade(id); }
  void on_probed(std::size_t) override { polling_.pause(); }
  void on_paused(std::size_t) override {
    upgraded_ = true;
    websocket_.finish_upgrade();
    if (!polling_.unsent().empty()) websocket_.send(text_frame(polling_.unsent()));
    ask();
  }
  void on_ready(std::size_t) override {
    joined_ = true;
    ask();
  }
  void on_packet(std::size_t client, std::string_view packet) override {
    // The namespace's answer, if it was not there before polling has ended.
    if (packet.starts_with('0')) return on_ready(client);
    if (packet != owner_.answer_) return owner_.wrong_answer();
    websocket_.leave();
  }
  void on_failed(std::size_t, std::string_view) override { owner_.lose_trip(); }
  void on_closed(std::size_t client, bool asked) override {
    if (!asked) return owner_.lose_trip();
    owner_.end_trip(client);
  }

  void ask() {
    if (joined_ && upgraded_) websocket_.send(owner_.message_);
  }

  Upgrade& owner_;
  PollingClient polling_;
  WebSocketClient websocket_;
  bool joined_ = false;
  bool upgraded_ = false;
};

Upgrade::Upgrade(Options const& options)
    : RoundTripScenario(options, "cycle", options.connections),
      endpoint_(browser_endpoint(options.server())) {
  auto const text = "\"" + std::string(options.payload, 'x') + "\"]";
  message_ = text_frame("421[\"echo\"," + text);
  answer_ = "31[" + text;
  for (std::size_t i = 0; i < options.connections; ++i)
    visitors_.push_back(std::make_unique<Visitor>(i, *this));
}

Upgrade::~Upgrade() = default;

void Upgrade::start(std::size_t visitor) {
  visitors_[visitor]->open();
}

}  // namespace load
