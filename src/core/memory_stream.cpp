#include <aerie/core/memory_stream.hpp>
#include <aerie/core/shard.hpp>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

namespace {

class MemoryStream;

// What one read of a socket would return at most.
constexpr std::size_t most_at_once = 64 * 1024;

}  // namespace

/// Both directions, shared by the stream and its far end, of which either may go first.
struct MemoryLink : std::enable_shared_from_this<MemoryLink> {
  enum class End : std::uint8_t { open, closed, reset };

  Shard* shard = nullptr;  // null while the stream changes shards and when it is gone
  MemoryStream* stream = nullptr;
  std::string to_server;
  std::string to_client;
  std::size_t window = std::numeric_limits<std::size_t>::max();
  End client = End::open;
  bool reading = true;
  bool writable_wanted = false;
  bool server_ended = false;
  bool scheduled = false;

  std::size_t room() const noexcept { return window - std::min(window, to_client.size()); }
  void schedule();
  void run();
};

namespace {

class MemoryStream final : public Stream {
 public:
  MemoryStream(Shard& shard, std::shared_ptr<MemoryLink> link, Endpoint peer, bool secure)
      : Stream(shard), link_(std::move(link)), peer_(std::move(peer)), secure_(secure) {
    link_->shard = &shard;
    link_->stream = this;
  }
  ~MemoryStream() override { forget(); }

  Endpoint peer() const override { return peer_; }
  bool secure() const noexcept override { return secure_; }

  void pause_reading() override { link_->reading = false; }
  void resume_reading() override {
    link_->reading = true;
    link_->schedule();
  }

  void leave() override { link_->shard = nullptr; }
  void enter(Shard& shard) override {
    move_to(shard);
    link_->shard = &shard;
    link_->schedule();
  }

  void on_ready(std::uint32_t) override {
    auto const link = link_;
    if (link->client == MemoryLink::End::reset) {
      lost({ECONNRESET, std::system_category()});
      return;
    }
    if (link->reading) read(*link);
    if (!closed() && link->writable_wanted && link->room() > 0) flush();
  }

 protected:
  std::size_t transmit(std::span<iovec const> parts, std::error_code& error) override {
    if (link_->client == MemoryLink::End::reset) {
      error.assign(EPIPE, std::system_category());
      return 0;
    }
    std::size_t sent = 0;
    for (auto const& part : parts) {
      auto const size = std::min(part.iov_len, link_->room());
      link_->to_client.append(static_cast<char const*>(part.iov_base), size);
      sent += size;
    }
    return sent;
  }
  void watch_writable(bool on) override { link_->writable_wanted = on; }
  void end_output() noexcept override { link_->server_ended = true; }
  void release() noexcept override { forget(); }

 private:
  void read(MemoryLink& link) {
    if (!link.to_server.empty()) {
      auto bytes = link.to_server.size() <= most_at_once ? std::exchange(link.to_server, {})
                                                         : link.to_server.substr(0, most_at_once);
      link.to_server.erase(0, bytes.size());
      link.schedule();
      if (handler() != nullptr) handler()->on_data(bytes);
    }
    // As with TCP, the end is seen together with the last bytes.
    if (link.client == MemoryLink::End::closed && link.to_server.empty() && link.reading && !closed())
      end_of_input();
  }

  void forget() noexcept {
    link_->server_ended = true;
    link_->stream = nullptr;
    link_->shard = nullptr;
  }

  std::shared_ptr<MemoryLink> link_;
  Endpoint peer_;
  bool secure_;
};

}  // namespace

void MemoryLink::schedule() {
  if (shard == nullptr || scheduled) return;
  auto const readable = reading && (!to_server.empty() || client == End::closed);
  auto const writable = writable_wanted && room() > 0;
  if (!readable && !writable && client != End::reset) return;
  scheduled = true;
  shard->post([link = shared_from_this()] { link->run(); });
}

void MemoryLink::run() {
  scheduled = false;
  if (stream == nullptr || shard == nullptr) return;
  if (!shard->in_turn()) {
    schedule();  // The stream has moved on meanwhile.
    return;
  }
  shard->handle(Readiness::read | Readiness::write, *stream);
}

MemoryClient::~MemoryClient() {
  if (link_) close();
}

void MemoryClient::write(std::string_view bytes) {
  if (link_->client != MemoryLink::End::open) return;
  link_->to_server.append(bytes);
  link_->schedule();
}

std::string const& MemoryClient::received() const noexcept {
  return link_->to_client;
}

std::string MemoryClient::take() {
  auto taken = link_->to_client;
  link_->to_client.clear();  // but not its memory, which the next bytes need
  link_->schedule();
  return taken;
}

bool MemoryClient::carry_to(MemoryClient& other) {
  auto const bytes = take();
  other.write(bytes);
  auto const ends = ended() && other.link_->client == MemoryLink::End::open;
  if (ends) other.close();
  return ends || !bytes.empty();
}

void MemoryClient::close() {
  if (link_->client != MemoryLink::End::open) return;
  link_->client = MemoryLink::End::closed;
  link_->schedule();
}

void MemoryClient::reset() {
  link_->client = MemoryLink::End::reset;
  link_->to_server.clear();
  link_->schedule();
}

void MemoryClient::set_window(std::size_t bytes) {
  link_->window = bytes;
  link_->schedule();
}

bool MemoryClient::ended() const noexcept {
  return link_->server_ended;
}

bool MemoryClient::closed() const noexcept {
  return link_->stream == nullptr;
}

bool MemoryClient::paused() const noexcept {
  return !link_->reading;
}

MemoryPair memory_pair(Shard& shard, Endpoint peer, bool secure) {
  auto link = std::make_shared<MemoryLink>();
  auto stream = std::make_unique<MemoryStream>(shard, link, std::move(peer), secure);
  return {std::move(stream), MemoryClient(std::move(link))};
}

}}}  // namespace aerie::v1::core
