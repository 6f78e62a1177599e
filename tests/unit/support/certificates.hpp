#pragma once

/// \file
/// Certificates for tests, made anew in every run.

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace aerie::test {

/// A certificate with its key, in files; signed by another, or by itself.
class Certified {
 public:
  struct About {
    std::string alternative_names = {};  // "DNS:redis.example,IP:10.0.0.1"
    long from = -3600;
    long until = 3600;
    bool authority = false;
  };

  Certified(std::filesystem::path const& folder, std::string const& name, About const& about,
            Certified const* signer = nullptr)
      : certificate_file((folder / (name + ".crt")).string()), key_file((folder / (name + ".key")).string()) {
    static long serial = 0;
    auto* const x509 = certificate_.get();
    X509_set_version(x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(x509), about.from);
    X509_gmtime_adj(X509_getm_notAfter(x509), about.until);
    X509_set_pubkey(x509, key_.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC,
                               reinterpret_cast<unsigned char const*>(name.c_str()), -1, -1, 0);
    auto const& by = signer == nullptr ? *this : *signer;
    X509_set_issuer_name(x509, X509_get_subject_name(by.certificate_.get()));
    extend(NID_basic_constraints, about.authority ? "critical,CA:TRUE" : "CA:FALSE");
    if (!about.alternative_names.empty()) extend(NID_subject_alt_name, about.alternative_names);
    X509_sign(x509, by.key_.get(), EVP_sha256());
    write(certificate_file, [&](std::FILE* file) { PEM_write_X509(file, x509); });
    write(key_file, [&](std::FILE* file) {
      PEM_write_PrivateKey(file, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }

  std::string certificate_file;
  std::string key_file;

 private:
  void extend(int kind, std::string const& value) {
    auto* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    X509_add_ext(certificate_.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }
  template <class F>
  static void write(std::string const& path, F&& f) {
    auto* const file = std::fopen(path.c_str(), "w");
    f(file);
    std::fclose(file);
  }

  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_{EVP_EC_gen("P-256"), EVP_PKEY_free};
  std::unique_ptr<X509, void (*)(X509*)> certificate_{X509_new(), X509_free};
};

}  // namespace aerie::test
