#include <aerie/core/immortal.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/tls/stream.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
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

class TlsStream final : public core::Stream, private core::StreamHandler, private core::TurnEnd {
 public:
  TlsStream(std::unique_ptr<core::Stream> inner, std::shared_ptr<Context const> context,
            std::string const& host)
      : Stream(inner->shard(), Layer{}),
        inner_(std::move(inner)),
        context_(std::move(context)),
        ssl_(context_->new_connection(host)),
        incoming_(BIO_new(BIO_s_mem())),
        outgoing_(BIO_new(BIO_s_mem())) {
    if (incoming_ == nullptr || outgoing_ == nullptr) throw std::bad_alloc();
    if (!ssl_) {
      BIO_free(std::exchange(incoming_, nullptr));
      BIO_free(std::exchange(outgoing_, nullptr));
      throw std::invalid_argument("aerie: TLS: a server without a name cannot be verified");
    }
    SSL_set_bio(ssl_.get(), incoming_, outgoing_);
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
    for (auto const& part : parts) {
      auto const size = encrypt({static_cast<char const*>(part.iov_base), part.iov_len}, error);
      sent += size;
      if (size < part.iov_len) break;
    }
    transmitting_ = false;
    if (inner_lost_) error = inner_reason_ ? inner_reason_ : std::make_error_code(std::errc::broken_pipe);
    return error ? 0 : sent;
  }

  void watch_writable(bool on) override { write_wanted_ = on; }

  void end_output() noexcept override {
    if (!inner_) return;
    SSL_shutdown(ssl_.get());
    drain_outgoing();
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
  void on_data(std::span<char> bytes) override {
    if (BIO_write(incoming_, bytes.data(), clamped(bytes.size())) != clamped(bytes.size())) {
      lost(std::make_error_code(std::errc::not_enough_memory));
      return;
    }
    pump();
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
      drain_outgoing();
    }
    return sent;
  }

  void drain_outgoing() {
    char* data = nullptr;
    auto const size = BIO_get_mem_data(outgoing_, &data);
    if (size <= 0) return;
    inner_->write(std::string_view(data, static_cast<std::size_t>(size)));
    BIO_reset(outgoing_);
  }

  /// Goes on with the handshake, then decrypts what is there.
  void pump() {
    if (!established_ && !shake_hands()) return;
    while (!paused_ && !closed() && deliver()) {
    }
  }

  bool shake_hands() {
    ERR_clear_error();
    auto const result = SSL_do_handshake(ssl_.get());
    drain_outgoing();
    if (result == 1) {
      established_ = true;
      deadline_.cancel();
      if (write_wanted_) flush();
      return !closed();
    }
    if (SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ) fail();
    return false;
  }

  /// Hands on one buffer full; false if nothing is left.
  bool deliver() {
    // The bytes from the wire are in OpenSSL's hands, so the shard's buffer is free again.
    auto const buffer = shard().read_buffer();
    std::size_t size = 0;
    int result = 0;
    while (size < buffer.size()) {
      ERR_clear_error();
      result = SSL_read(ssl_.get(), buffer.data() + size, clamped(buffer.size() - size));
      if (result <= 0) break;
      size += static_cast<std::size_t>(result);
    }
    auto const status = result > 0 ? SSL_ERROR_NONE : SSL_get_error(ssl_.get(), result);
    drain_outgoing();
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
    drain_outgoing();
    transmitting_ = true;
    inner_->flush();
    transmitting_ = false;
    auto const verified = SSL_get_verify_result(ssl_.get());
    lost(verified == X509_V_OK ? std::make_error_code(std::errc::protocol_error)
                               : std::error_code(static_cast<int>(verified), verification_category()));
  }

  std::unique_ptr<core::Stream> inner_;  // null when the last bytes are on their way
  std::shared_ptr<Context const> context_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
  BIO* incoming_;  // both belong to ssl_
  BIO* outgoing_;
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
