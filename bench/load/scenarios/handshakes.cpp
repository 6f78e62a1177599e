#include "load/scenarios/handshakes.hpp"

#include <sys/epoll.h>

#include <stdexcept>

namespace load {

class Handshakes::Visitor final : private EventTarget {
 public:
  Visitor(std::size_t index, Handshakes& owner) : index_(index), owner_(owner) {}

  void open() {
    leaving_ = false;
    socket_.connect(owner_.loop(), owner_.options().server(), *this);
  }

 private:
  void on_events(std::uint32_t events) override {
    if ((events & EPOLLOUT) != 0) socket_.on_writable();
    if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) == 0) return;
    auto const is_open = socket_.receive().has_value();
    auto const& tls = *socket_.tls();
    if (is_open) {
      if (!leaving_ && tls.is_established()) leave();
      return;
    }
    auto const as_wanted = leaving_ && tls.is_resumed() == tls.has_offered();
    socket_.close();
    owner_.on_closed(index_, as_wanted);
  }

  void leave() {
    leaving_ = true;
    socket_.end();
  }

  std::size_t index_;
  Handshakes& owner_;
  Socket socket_;
  bool leaving_ = false;
};

Handshakes::Handshakes(Options const& options)
    : RoundTripScenario(options, "handshake", options.connections) {
  if (!options.tls) throw std::runtime_error("this scenario needs --tls 1");
  for (std::size_t i = 0; i < options.connections; ++i)
    visitors_.push_back(std::make_unique<Visitor>(i, *this));
}

Handshakes::~Handshakes() = default;

void Handshakes::start(std::size_t visitor) {
  visitors_[visitor]->open();
}

void Handshakes::on_closed(std::size_t visitor, bool as_wanted) {
  if (!as_wanted) return lose_trip();
  end_trip(visitor);
}

}  // namespace load
