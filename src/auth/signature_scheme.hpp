#pragma once

/// \file
/// What is behind a Key: one algorithm with its key material.

#include <aerie/auth/key.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace auth { namespace detail {

/// Immutable: callable from any thread.
class SignatureScheme {
 public:
  explicit SignatureScheme(Algorithm algorithm) : algorithm_(algorithm) {}
  virtual ~SignatureScheme() = default;
  SignatureScheme(SignatureScheme const&) = delete;
  SignatureScheme& operator=(SignatureScheme const&) = delete;

  [[nodiscard]] Algorithm algorithm() const { return algorithm_; }

  /// The raw signature; nothing if the key can only verify.
  [[nodiscard]] virtual std::optional<std::string> sign(std::string_view message) const = 0;
  [[nodiscard]] virtual bool verify(std::string_view message, std::string_view signature) const = 0;

 private:
  Algorithm algorithm_;
};

}}}}  // namespace aerie::v1::auth::detail
