#include <aerie/core/endpoint.hpp>
#include <aerie/core/log.hpp>
#include <aerie/tls/context.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <new>
#include <stdexcept>
#include <string_view>

namespace aerie { inline namespace v1 { namespace tls {

namespace {

constexpr unsigned char session_id_context[] = "aerie";

[[noreturn]] void fail(std::string_view what, std::string_view remedy) {
  std::string reason(256, '\0');
  ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
  ERR_clear_error();
  reason.resize(reason.find('\0'));
  throw std::runtime_error(core::concat("aerie: TLS: ", what, ": ", reason, "; ", remedy));
}

int give_password(char* buffer, int size, int, void* text) {
  auto const& password = *static_cast<std::string const*>(text);
  auto const length = std::min(password.size(), static_cast<std::size_t>(size));
  password.copy(buffer, length);
  return static_cast<int>(length);
}

/// Picks our protocol if it is offered; a client that offers other protocols only is refused (RFC 7301 §3.2).
int choose_protocol(SSL*, unsigned char const** chosen, unsigned char* chosen_size,
                    unsigned char const* offered, unsigned int offered_size, void* ours) {
  std::string_view const wanted = *static_cast<std::string const*>(ours);
  std::string_view rest(reinterpret_cast<char const*>(offered), offered_size);
  while (!rest.empty()) {
    auto const size = static_cast<unsigned char>(rest.front());
    auto const protocol = rest.substr(1, size);
    if (protocol == wanted) {
      *chosen = reinterpret_cast<unsigned char const*>(protocol.data());
      *chosen_size = size;
      return SSL_TLSEXT_ERR_OK;
    }
    rest.remove_prefix(std::min(rest.size(), std::size_t{1} + size));
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// A certificate and its key; `options` is how the user knows the settings.
template <class Options>
void load_identity(SSL_CTX& context, Options const& options, std::string_view name, std::string_view whose) {
  SSL_CTX_set_default_passwd_cb(&context, give_password);
  SSL_CTX_set_default_passwd_cb_userdata(&context, const_cast<std::string*>(&options.private_key_password));
  if (SSL_CTX_use_certificate_chain_file(&context, options.certificate_file.c_str()) != 1) {
    fail(core::concat("cannot use the certificate ", options.certificate_file),
         core::concat(name, "::certificate_file must be a PEM file, the ", whose, " certificate first"));
  }
  if (SSL_CTX_use_PrivateKey_file(&context, options.private_key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(&context) != 1) {
    fail(core::concat("cannot use the private key ", options.private_key_file),
         core::concat(name, "::private_key_file must be the PEM file of the certificate's key"));
  }
  // The options live no longer than this call.
  SSL_CTX_set_default_passwd_cb_userdata(&context, nullptr);
  SSL_CTX_set_default_passwd_cb(&context, nullptr);
}

void load_client_authorities(SSL_CTX& context, ServerOptions const& options) {
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

/// Whom a client trusts.
void load_trust(SSL_CTX& context, ClientOptions const& options) {
  if (!options.verify) return SSL_CTX_set_verify(&context, SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER, nullptr);
  if (options.ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(&context);
  } else if (SSL_CTX_load_verify_file(&context, options.ca_file.c_str()) != 1) {
    fail(core::concat("cannot use the authorities in ", options.ca_file),
         "tls::ClientOptions::ca_file must be a PEM file of certificates");
  }
}

std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> new_settings(SSL_METHOD const* method) {
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(method), SSL_CTX_free);
  if (!context) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                         SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
  // An idle connection keeps no buffers, and a write that was cut short may come from another address.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return context;
}

/// What SSL_set_tlsext_host_name does, which is a macro with a C cast.
bool tell_name(SSL& connection, std::string name) {
  return SSL_ctrl(&connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) == 1;
}

}  // namespace

std::shared_ptr<Context const> Context::server(ServerOptions const& options, std::string_view protocol) {
  std::shared_ptr<Context> result(new Context(new_settings(TLS_server_method()), false));
  auto& settings = *result->settings_;
  result->protocol_ = protocol;
  result->handshake_timeout_ = options.handshake_timeout;
  // All three are safe; the first needs the least of both sides, and is what browsers ask for first, except
  // where the processor has no AES.
  if (SSL_CTX_set_ciphersuites(
          &settings, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256") != 1) {
    fail("cannot choose the ciphers of TLS 1.3", "OpenSSL has to have them");
  }
  SSL_CTX_set_options(&settings, SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_session_id_context(&settings, session_id_context, sizeof session_id_context - 1);
  if (!protocol.empty()) SSL_CTX_set_alpn_select_cb(&settings, choose_protocol, &result->protocol_);
  load_identity(settings, options, "TlsOptions", "server's");
  load_client_authorities(settings, options);
  return result;
}

std::shared_ptr<Context const> Context::client(ClientOptions const& options) {
  std::shared_ptr<Context> result(new Context(new_settings(TLS_client_method()), true));
  auto& settings = *result->settings_;
  result->server_name_ = options.server_name;
  result->verify_ = options.verify;
  if (!options.certificate_file.empty()) load_identity(settings, options, "tls::ClientOptions", "client's");
  load_trust(settings, options);
  return result;
}

std::unique_ptr<ssl_st, void (*)(ssl_st*)> Context::new_connection(std::string const& host) const {
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> connection(SSL_new(settings_.get()), SSL_free);
  if (!connection) throw std::bad_alloc();
  if (!is_client_) {
    SSL_set_accept_state(connection.get());
    return connection;
  }
  SSL_set_connect_state(connection.get());
  auto const& name = server_name_.empty() ? host : server_name_;
  auto const numeric = core::Endpoint::parse(name).has_value();
  // An address is no name (RFC 6066 §3).
  auto good = numeric || name.empty() || tell_name(*connection, name);
  if (verify_) {
    auto* const parameters = SSL_get0_param(connection.get());
    SSL_set_hostflags(connection.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    good = good && !name.empty() &&
           (numeric ? X509_VERIFY_PARAM_set1_ip_asc(parameters, name.c_str()) == 1
                    : SSL_set1_host(connection.get(), name.c_str()) == 1);
  }
  if (!good) connection.reset();
  return connection;
}

}}}  // namespace aerie::v1::tls
