#include "load/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <new>
#include <stdexcept>

namespace load {

void TlsContext::Free::operator()(ssl_ctx_st* settings) const noexcept {
  SSL_CTX_free(settings);
}

void TlsContext::Free::operator()(ssl_session_st* ticket) const noexcept {
  SSL_SESSION_free(ticket);
}

TlsContext::TlsContext(bool resumes)
    : resumes_(resumes), settings_(SSL_CTX_new(TLS_client_method())), text_(std::size_t{512} * 1024) {
  if (!settings_) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(settings_.get(), TLS1_3_VERSION);
  SSL_CTX_set_verify(settings_.get(), SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_mode(settings_.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(settings_.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
  SSL_CTX_sess_set_new_cb(settings_.get(), &TlsLayer::on_ticket);
}

TlsContext::~TlsContext() = default;

void TlsLayer::Free::operator()(ssl_st* connection) const noexcept {
  SSL_free(connection);
}

TlsLayer::TlsLayer(TlsContext& context) : context_(context), connection_(SSL_new(context.settings_.get())) {
  auto* const received = BIO_new(BIO_s_mem());
  auto* const outgoing = BIO_new(BIO_s_mem());
  if (!connection_ || received == nullptr || outgoing == nullptr) {
    BIO_free(received);
    BIO_free(outgoing);
    throw std::bad_alloc();
  }
  SSL_set_bio(connection_.get(), received, outgoing);
  SSL_set_connect_state(connection_.get());
  SSL_set_app_data(connection_.get(), this);
  if (context.resumes_ && context.ticket_) {
    // A copy, as OpenSSL offers each once, and not every server gives another one when it has taken it.
    std::unique_ptr<ssl_session_st, TlsContext::Free> const ticket(SSL_SESSION_dup(context.ticket_.get()));
    SSL_set_session(connection_.get(), ticket.get());
    offered_ = true;
  }
  SSL_do_handshake(connection_.get());
}

TlsLayer::~TlsLayer() = default;

int TlsLayer::on_ticket(ssl_st* connection, ssl_session_st* ticket) {
  static_cast<TlsLayer*>(SSL_get_app_data(connection))->context_.ticket_.reset(ticket);
  return 1;  // the ticket has a new owner
}

bool TlsLayer::is_established() const {
  return SSL_is_init_finished(connection_.get()) == 1;
}

bool TlsLayer::is_resumed() const {
  return SSL_session_reused(connection_.get()) == 1;
}

void TlsLayer::write_end() {
  SSL_shutdown(connection_.get());
  ERR_clear_error();
}

std::optional<std::string_view> TlsLayer::read(std::string_view received) {
  auto& text = context_.text_;
  BIO_write(SSL_get_rbio(connection_.get()), received.data(), static_cast<int>(received.size()));
  std::size_t filled = 0;
  for (;;) {
    std::size_t taken = 0;
    if (SSL_read_ex(connection_.get(), text.data() + filled, text.size() - filled, &taken) == 1) {
      filled += taken;
      if (filled == text.size())
        throw std::length_error("TlsLayer::read: more has arrived than one read holds");
      continue;
    }
    auto const reason = SSL_get_error(connection_.get(), 0);
    ERR_clear_error();
    // What came before the end is read first; the end shows again then, as the socket's.
    if (reason != SSL_ERROR_WANT_READ && filled == 0) return std::nullopt;
    return std::string_view(text.data(), filled);
  }
}

bool TlsLayer::has_outgoing() const {
  auto* const outgoing = SSL_get_wbio(connection_.get());
  return BIO_ctrl_pending(outgoing) != 0 || (!text_.empty() && is_established());
}

void TlsLayer::take_outgoing(std::string& bytes) {
  if (!text_.empty() && is_established()) {
    std::size_t written = 0;
    // A memory takes everything.
    SSL_write_ex(connection_.get(), text_.data(), text_.size(), &written);
    text_.erase(0, written);
  }
  auto* const outgoing = SSL_get_wbio(connection_.get());
  auto const size = BIO_ctrl_pending(outgoing);
  auto const before = bytes.size();
  bytes.resize(before + size);
  if (size != 0) BIO_read(outgoing, bytes.data() + before, static_cast<int>(size));
}

}  // namespace load
