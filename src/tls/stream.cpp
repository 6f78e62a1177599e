#include <aerie/core/immortal.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/tls/stream.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 { namespace tls {

namespace {

// RFC 8446, 5.1: what one record holds at most. What is encrypted at once is no more, as OpenSSL keeps room
// for it.
constexpr std::size_t record_size = 16 * 1024;
// With more in the inner stream nothing is encrypted: it waits in our own queue, where it is counted.
constexpr std::size_t most_inner_unsent = record_size;

int clamped(std::size_t size) noexcept {
  return static_cast<int>(std::min(size, static_cast<std::size_t>(std::numeric_limits<int>::max())));
}

/// What OpenSSL reads from and writes to: no buffers of its own, as a memory BIO has two that keep the size
/// of their fullest moment, the handshake.
class Wire {
 public:
  virtual ~Wire() = default;
  /// Bytes that are there, at most `size`.
  virtual std::size_t take(char* to, std::size_t size) noexcept = 0;
  virtual void give(std::string_view bytes) = 0;
};

Wire& wire_of(BIO* bio) noexcept {
  return *static_cast<Wire*>(BIO_get_data(bio));
}

int read_wire(BIO* bio, char* to, std::size_t size, std::size_t* taken) {
  BIO_clear_retry_flags(bio);
  *taken = wire_of(bio).take(to, size);
  if (*taken > 0) return 1;
  BIO_set_retry_read(bio);
  return 0;
}

int write_wire(BIO* bio, char const* from, std::size_t size, std::size_t* given) {
  BIO_clear_retry_flags(bio);
  // No exception gets through OpenSSL: to it the wire is broken.
  try {
    wire_of(bio).give({from, size});
  } catch (...) {
    return 0;
  }
  *given = size;
  return 1;
}

long control_wire(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO* new_bio(Wire& wire) {
  static auto* const method = [] {
    auto* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "aerie::core::Stream");
    if (made == nullptr) throw std::bad_alloc();
    BIO_meth_set_read_ex(made, read_wire);
    BIO_meth_set_write_ex(made, write_wire);
    BIO_meth_set_ctrl(made, control_wire);
    return made;
  }();
  auto* const bio = BIO_new(method);
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, &wire);
  BIO_set_init(bio, 1);
  return bio;
}

class TlsStream final : public core::Stream,
                        private core::StreamHandler,
                        private core::TurnEnd,
                        private Wire {
 public:
  TlsStream(std::unique_ptr<core::Stream> inner, std::shared_ptr<Context const> context,
            std::string const& host)
      : Stream(inner->shard(), Layer{}),
        inner_(std::move(inner)),
        context_(std::move(context)),
        ssl_(context_->new_connection(host)) {
    if (!ssl_) throw std::invalid_argument("aerie: TLS: a server without a name cannot be verified");
    auto* const bio = new_bio(*this);
    SSL_set_bio(ssl_.get(), bio, bio);
    inner_->set_handler(this);
    shard().start(deadline_, context_->handshake_timeout());
    // Who has begun speaks first, in this turn.
    if (context_->is_client()) shard().at_turn_end(*this);
  }
  ~TlsStream() override {
    if (inner_) inner_->set_handler(nullptr);
  }

  core::Endpoint peer() const override { return inner_ ? inner_->peer() : core::Endpoint{}; }
  bool secure() const noexcept override { return true; }

  void pause_reading() override {
    paused_ = true;
    if (inner_) inner_->pause_reading();
  }
  void resume_reading() override {
    if (!std::exchange(paused_, false) || !inner_) return;
    inner_->resume_reading();
    // What is decrypted already gives no sign of itself.
    shard().at_turn_end(*this);
  }

  bool settled() const noexcept override { return Stream::settled() && inner_ && inner_->settled(); }
  bool blocked() const noexcept override { return Stream::blocked() || (inner_ && inner_->blocked()); }
  void leave() override { inner_->leave(); }
  void enter(core::Shard& shard) override {
    move_to(shard);
    inner_->enter(shard);
  }
  void on_ready(std::uint32_t) override {}

 protected:
  std::size_t transmit(std::span<iovec const> parts, std::error_code& error) override {
    if (!established_ || !inner_) return 0;
    std::size_t sent = 0;
    transmitting_ = true;
    // What is sent together is encrypted together: each record costs 22 bytes, and the cipher a beginning.
    std::array<char, record_size> joined;
    while (!parts.empty()) {
      auto text = text_of(parts.front());
      auto count = std::size_t{1};
      if (parts.size() > 1 && text.size() + parts[1].iov_len <= joined.size()) {
        std::size_t size = 0;
        for (count = 0; count < parts.size() && size + parts[count].iov_len <= joined.size(); ++count)
          size += text_of(parts[count]).copy(joined.data() + size, parts[count].iov_len);
        text = {joined.data(), size};
      }
      auto const size = encrypt(text, error);
      sent += size;
      if (size < text.size()) break;
      parts = parts.subspan(count);
    }
    transmitting_ = false;
    if (inner_lost_) error = reason_of_loss();
    return error ? 0 : sent;
  }

  void watch_writable(bool on) override { write_wanted_ = on; }

  void end_output() noexcept override {
    if (!inner_) return;
    SSL_shutdown(ssl_.get());
    inner_->set_handler(nullptr);
    finish(std::move(inner_));
  }

  void release() noexcept override {
    deadline_.cancel();
    if (!inner_) return;
    inner_->set_handler(nullptr);
    inner_->close();
  }

 private:
  static std::string_view text_of(iovec const& part) noexcept {
    return {static_cast<char const*>(part.iov_base), part.iov_len};
  }

  std::size_t take(char* to, std::size_t size) noexcept override {
    auto const taken = unread_.copy(to, size);
    unread_.remove_prefix(taken);
    return taken;
  }
  void give(std::string_view bytes) override { inner_->write(bytes); }

  /// Bytes from the wire are read where they are. Only those of a stream that is paused have to be kept.
  void on_data(std::span<char> bytes) override {
    std::string_view const arrived(bytes.data(), bytes.size());
    if (unread_.empty()) {
      unread_ = arrived;
    } else {
      kept_.erase(0, kept_.size() - unread_.size());
      unread_ = kept_.append(arrived);
    }
    try {
      pump();
      if (closed() || !inner_) unread_ = {};
      if (kept_.empty() && !unread_.empty()) unread_ = kept_ = unread_;
    } catch (...) {
      // They will not be there any more, and neither will the connection.
      unread_ = {};
      throw;
    }
  }
  /// A FIN without `close_notify` in front of it is common, and no worse: who needs to know whether a message
  /// is whole has its length.
  bool on_end() override {
    if (!established_) return false;
    inner_ended_ = true;
    pump();
    return true;
  }
  void on_closed(std::error_code reason) override {
    if (transmitting_) {
      inner_lost_ = true;
      inner_reason_ = reason;
    } else {
      lost(reason);
    }
  }
  void on_drained() override {
    if (write_wanted_) {
      flush();
    } else if (handler() != nullptr) {
      handler()->on_drained();  // of what only the encryption had to send
    }
  }
  void on_overflow() override { lost(std::make_error_code(std::errc::no_buffer_space)); }
  void on_turn_end() override {
    if (!closed() && inner_) pump();
  }
  void on_deadline() { lost(std::make_error_code(std::errc::timed_out)); }

  std::size_t encrypt(std::string_view bytes, std::error_code& error) {
    std::size_t sent = 0;
    while (sent < bytes.size() && !inner_lost_) {
      if (inner_->unsent() > most_inner_unsent) {
        inner_->flush();
        if (inner_lost_ || inner_->unsent() > 0) break;
      }
      ERR_clear_error();
      auto const size =
          SSL_write(ssl_.get(), bytes.data() + sent, clamped(std::min(bytes.size() - sent, record_size)));
      if (size <= 0) {
        if (SSL_get_error(ssl_.get(), size) != SSL_ERROR_WANT_READ) {
          error = std::make_error_code(std::errc::protocol_error);
        }
        break;
      }
      sent += static_cast<std::size_t>(size);
    }
    return sent;
  }

  /// Sends what is encrypted. Whether that was the end of the connection, `inner_lost_` says afterwards.
  void flush_inner() {
    transmitting_ = true;
    inner_->flush();
    transmitting_ = false;
  }
  std::error_code reason_of_loss() const {
    return inner_reason_ ? inner_reason_ : std::make_error_code(std::errc::broken_pipe);
  }

  /// Goes on with the handshake, then decrypts what is there.
  void pump() {
    if (!established_ && !shake_hands()) return;
    while (!paused_ && !closed() && deliver()) {
    }
    if (unread_.empty()) kept_ = std::string();
  }

  bool shake_hands() {
    ERR_clear_error();
    auto const result = SSL_do_handshake(ssl_.get());
    if (result == 1) {
      established_ = true;
      deadline_.cancel();
      if (write_wanted_) flush();
      return !closed();
    }
    if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ) {
      send_step();
    } else {
      fail();
    }
    return false;
  }

  /// What a step of the handshake has written goes at once, not at the end of the turn: no other turn takes
  /// as long as one with the steps of many, and meanwhile their peers can do theirs.
  void send_step() {
    flush_inner();
    if (inner_lost_) lost(reason_of_loss());
  }

  /// Hands on one buffer full; false if nothing is left.
  bool deliver() {
    // The shard's buffer may still hold bytes from the wire.
    std::array<char, record_size> space;
    std::span<char> const buffer(space);
    std::size_t size = 0;
    int result = 0;
    while (size < buffer.size()) {
      ERR_clear_error();
      result = SSL_read(ssl_.get(), buffer.data() + size, clamped(buffer.size() - size));
      if (result <= 0) break;
      size += static_cast<std::size_t>(result);
    }
    auto const status = result > 0 ? SSL_ERROR_NONE : SSL_get_error(ssl_.get(), result);
    if (size > 0 && handler() != nullptr) handler()->on_data(buffer.first(size));
    if (closed() || !inner_) return false;
    if (status == SSL_ERROR_NONE) return true;
    if (status == SSL_ERROR_ZERO_RETURN || (status == SSL_ERROR_WANT_READ && inner_ended_ && !paused_)) {
      end_of_input();
    } else if (status != SSL_ERROR_WANT_READ) {
      fail();
    }
    return false;
  }

  /// The peer breaks the rules: it is told so by an alert, which OpenSSL has written.
  void fail() {
    flush_inner();
    auto const verified = SSL_get_verify_result(ssl_.get());
    lost(verified == X509_V_OK ? std::make_error_code(std::errc::protocol_error)
                               : std::error_code(static_cast<int>(verified), verification_category()));
  }

  std::unique_ptr<core::Stream> inner_;  // null when the last bytes are on their way
  std::shared_ptr<Context const> context_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
  std::string_view unread_;  // from the wire
  std::string kept_;         // where they are, if not with whoever has brought them
  core::Timer deadline_ = core::Timer::calling<&TlsStream::on_deadline>(this);
  std::error_code inner_reason_;
  bool established_ = false;
  bool paused_ = false;
  bool write_wanted_ = false;
  bool transmitting_ = false;
  bool inner_lost_ = false;
  bool inner_ended_ = false;
};

}  // namespace

std::unique_ptr<core::Stream> accept(std::unique_ptr<core::Stream> inner,
                                     std::shared_ptr<Context const> context) {
  return std::make_unique<TlsStream>(std::move(inner), std::move(context), std::string());
}

std::unique_ptr<core::Stream> connect(std::unique_ptr<core::Stream> inner,
                                      std::shared_ptr<Context const> context, std::string const& host) {
  return std::make_unique<TlsStream>(std::move(inner), std::move(context), host);
}

std::error_category const& verification_category() noexcept {
  class Category final : public std::error_category {
    char const* name() const noexcept override { return "aerie.tls.verification"; }
    std::string message(int code) const override { return X509_verify_cert_error_string(code); }
  };
  static core::Immortal<Category> const category;
  return *category;
}

}}}  // namespace aerie::v1::tls
