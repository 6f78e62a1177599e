#include "http/tls_context.hpp"

#include <aerie/core/log.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <new>
#include <stdexcept>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

namespace {

constexpr std::string_view http_1_1 = "http/1.1";
constexpr unsigned char session_id_context[] = "aerie";

[[noreturn]] void fail(std::string_view what, std::string_view remedy) {
  std::string reason(256, '\0');
  ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
  ERR_clear_error();
  reason.resize(reason.find('\0'));
  throw std::runtime_error(core::concat("aerie: TLS: ", what, ": ", reason, "; ", remedy));
}

int give_password(char* buffer, int size, int, void* options) {
  auto const& password = static_cast<TlsOptions const*>(options)->private_key_password;
  auto const length = std::min(password.size(), static_cast<std::size_t>(size));
  password.copy(buffer, length);
  return static_cast<int>(length);
}

/// Picks http/1.1 if it is offered; a client that offers other protocols only is refused (RFC 7301 §3.2).
int choose_protocol(SSL*, unsigned char const** chosen, unsigned char* chosen_size,
                    unsigned char const* offered, unsigned int offered_size, void*) {
  std::string_view rest(reinterpret_cast<char const*>(offered), offered_size);
  while (!rest.empty()) {
    auto const size = static_cast<unsigned char>(rest.front());
    auto const protocol = rest.substr(1, size);
    if (protocol == http_1_1) {
      *chosen = reinterpret_cast<unsigned char const*>(protocol.data());
      *chosen_size = size;
      return SSL_TLSEXT_ERR_OK;
    }
    rest.remove_prefix(std::min(rest.size(), std::size_t{1} + size));
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

void load_identity(SSL_CTX& context, TlsOptions const& options) {
  SSL_CTX_set_default_passwd_cb(&context, give_password);
  SSL_CTX_set_default_passwd_cb_userdata(&context, const_cast<TlsOptions*>(&options));
  if (SSL_CTX_use_certificate_chain_file(&context, options.certificate_file.c_str()) != 1) {
    fail(core::concat("cannot use the certificate ", options.certificate_file),
         "TlsOptions::certificate_file must be a PEM file, the server's certificate first");
  }
  if (SSL_CTX_use_PrivateKey_file(&context, options.private_key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(&context) != 1) {
    fail(core::concat("cannot use the private key ", options.private_key_file),
         "TlsOptions::private_key_file must be the PEM file of the certificate's key");
  }
  // The options live no longer than this call.
  SSL_CTX_set_default_passwd_cb_userdata(&context, nullptr);
  SSL_CTX_set_default_passwd_cb(&context, nullptr);
}

void load_client_authorities(SSL_CTX& context, TlsOptions const& options) {
  if (options.client_ca_file.empty()) {
    if (!options.require_client_certificate) return;
    throw std::runtime_error(
        "aerie: TLS: TlsOptions::require_client_certificate needs a client_ca_file that says whose "
        "certificates count");
  }
  auto const* const file = options.client_ca_file.c_str();
  auto* const names = SSL_load_client_CA_file(file);
  if (names == nullptr || SSL_CTX_load_verify_locations(&context, file, nullptr) != 1) {
    fail(core::concat("cannot use the authorities in ", options.client_ca_file),
         "TlsOptions::client_ca_file must be a PEM file of certificates");
  }
  SSL_CTX_set_client_CA_list(&context, names);
  auto const strict = options.require_client_certificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER | strict, nullptr);
}

}  // namespace

std::shared_ptr<TlsContext const> TlsContext::load(TlsOptions const& options) {
  Context context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                         SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
  // An idle connection keeps no buffers, and a write that was cut short may come from another address.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_id_context(context.get(), session_id_context, sizeof session_id_context - 1);
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  load_identity(*context, options);
  load_client_authorities(*context, options);
  return std::shared_ptr<TlsContext const>(new TlsContext(std::move(context), options.handshake_timeout));
}

std::unique_ptr<ssl_st, void (*)(ssl_st*)> TlsContext::new_connection() const {
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> connection(SSL_new(context_.get()), SSL_free);
  if (!connection) throw std::bad_alloc();
  SSL_set_accept_state(connection.get());
  return connection;
}

}}}  // namespace aerie::v1::http
