#pragma once

#include <aerie/core/memory_stream.hpp>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace aerie::http {

template <class T, void (*Free)(T*)>
struct Freed {
  void operator()(T* object) const { Free(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509, X509_free>>;
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX, SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Freed<SSL, SSL_free>>;

/// A self-signed certificate with its key, in files.
class Identity {
 public:
  Identity(std::filesystem::path const& folder, std::string const& name)
      : certificate_file(folder / (name + ".crt")),
        key_file(folder / (name + ".key")),
        key(EVP_EC_gen("P-256")) {
    certificate.reset(X509_new());
    auto* const x509 = certificate.get();
    X509_set_version(x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, key.get());
    auto* const subject = X509_get_subject_name(x509);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<unsigned char const*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(x509, subject);
    X509_sign(x509, key.get(), EVP_sha256());
    write(certificate_file, [&](std::FILE* file) { PEM_write_X509(file, x509); });
    write(key_file, [&](std::FILE* file) {
      PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }

  std::filesystem::path certificate_file;
  std::filesystem::path key_file;
  Key key;
  Certificate certificate;

 private:
  template <class F>
  static void write(std::filesystem::path const& path, F&& f) {
    auto* const file = std::fopen(path.c_str(), "w");
    f(file);
    std::fclose(file);
  }
};

/// A TLS client over an in-memory connection.
class TlsClient {
 public:
  TlsClient(core::MemoryClient transport, Context const& context)
      : transport_(std::move(transport)), ssl_(SSL_new(context.get())) {
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(ssl_.get());
  }

  static Context context() { return Context(SSL_CTX_new(TLS_client_method())); }

  /// Moves bytes in both directions; `turn` lets the server work.
  template <class F>
  void exchange(F&& turn) {
    for (int i = 0; i < 10; ++i) {
      pump();
      turn();
    }
    pump();
  }

  void write(std::string_view text) { to_send_.append(text); }
  std::string const& received() const { return received_; }
  std::string take() { return std::exchange(received_, {}); }
  bool established() const { return SSL_is_init_finished(ssl_.get()) == 1; }
  SSL* ssl() const { return ssl_.get(); }
  core::MemoryClient& transport() { return transport_; }

 private:
  void pump() {
    auto const arrived = transport_.take();
    if (!arrived.empty())
      BIO_write(SSL_get_rbio(ssl_.get()), arrived.data(), static_cast<int>(arrived.size()));
    ERR_clear_error();
    if (SSL_do_handshake(ssl_.get()) == 1) {
      if (!to_send_.empty()) SSL_write(ssl_.get(), to_send_.data(), static_cast<int>(to_send_.size()));
      to_send_.clear();
      char buffer[4096];
      for (int size = 0; (size = SSL_read(ssl_.get(), buffer, sizeof buffer)) > 0;) {
        received_.append(buffer, static_cast<std::size_t>(size));
      }
    }
    char* data = nullptr;
    auto* const out = SSL_get_wbio(ssl_.get());
    if (auto const size = BIO_get_mem_data(out, &data); size > 0) {
      transport_.write({data, static_cast<std::size_t>(size)});
      BIO_reset(out);
    }
  }

  core::MemoryClient transport_;
  Session ssl_;
  std::string to_send_;
  std::string received_;
};

}  // namespace aerie::http
