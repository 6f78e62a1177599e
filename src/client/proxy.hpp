#pragma once

/// \file
/// What a client says to a proxy before the proxy passes bytes on. Without I/O: bytes go in, bytes come out.

#include <aerie/http/response_decoder.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace client {

/// `Options::proxy`. A plain value.
struct ProxyUrl {
  enum class Kind : std::uint8_t {
    http,     ///< CONNECT (RFC 9110 §9.3.6).
    https,    ///< The same within TLS.
    socks5,   ///< RFC 1928, to an address.
    socks5h,  ///< RFC 1928, to a name, which the proxy looks up.
  };

  Kind kind = Kind::http;
  std::string host = {};
  std::uint16_t port = 0;
  /// Nothing: the proxy asks for none.
  std::optional<std::string> user = std::nullopt;
  std::string password = {};

  /// Reads `http://user:password@host:port`, with %-escapes in the credentials. Throws std::invalid_argument,
  /// with the remedy; nothing of the URL is shown.
  static ProxyUrl parse(std::string_view text);
};

/// Where a client wants to go through a proxy.
struct ProxyTarget {
  /// A name, or an address (without brackets).
  std::string host = {};
  std::uint16_t port = 0;
};

/// The conversation with one proxy.
class ProxyTalk {
 public:
  enum class Status : std::uint8_t { more, done, failed };

  virtual ~ProxyTalk() = default;
  /// What the client says first.
  virtual std::string begin() = 0;
  /// Takes what has come from the front of `input`, and appends what is to be sent to `output`. After `done`
  /// and `failed` it is over.
  virtual Status receive(std::string_view& input, std::string& output) = 0;
  /// Why it failed, in a sentence.
  std::string const& error() const noexcept { return error_; }

 protected:
  Status fail(std::string why) {
    error_ = std::move(why);
    return Status::failed;
  }

 private:
  std::string error_;
};

std::unique_ptr<ProxyTalk> talk_to(ProxyUrl const& proxy, ProxyTarget const& target);

}}}  // namespace aerie::v1::client
