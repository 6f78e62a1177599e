#include "websocket/header_cursor.hpp"

#include <aerie/core/ascii.hpp>
#include <aerie/websocket/handshake.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>
#include <stdexcept>

namespace aerie { inline namespace v1 { namespace websocket {
namespace {

constexpr std::string_view key_suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::size_t sha1_size = 20;
// More would only serve to make us compare each with each.
constexpr std::size_t max_protocols = 32;

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower_case) {
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                    [](char a, char b) { return lower(a) == b; });
}

// True if a comma-separated list of tokens holds `lower_case`.
bool lists(std::string_view header, std::string_view lower_case) {
  HeaderCursor cursor(header);
  bool found = false;
  do {
    cursor.skip_space();
    found = equals_ignoring_case(cursor.token(), lower_case) || found;
    cursor.skip_space();
  } while (cursor.take(','));
  return found && cursor.at_end();
}

bool is_base64_digit(char c) {
  return core::is_alphanumeric(c) || c == '+' || c == '/';
}

// Sixteen bytes in base64. Their value means nothing, so the unused bits of the last digit may be anything.
bool is_key(std::string_view key) {
  return key.size() == 24 && key.ends_with("==") && std::all_of(key.begin(), key.end() - 2, is_base64_digit);
}

bool contains(std::span<std::string_view const> list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// Reads the whole list, so that one which breaks the grammar is refused wherever it does.
Error choose_protocol(std::string_view header, std::span<std::string_view const> ours,
                      std::string_view& chosen) {
  if (header.empty()) return Error::none;
  std::array<std::string_view, max_protocols> offered;
  std::size_t count = 0;
  HeaderCursor cursor(header);
  do {
    cursor.skip_space();
    auto const name = cursor.token();
    cursor.skip_space();
    if (name.empty() || count == offered.size() || contains(std::span(offered).first(count), name))
      return Error::bad_protocol;
    offered[count++] = name;
    if (chosen.empty() && (ours.empty() || contains(ours, name))) chosen = name;
  } while (cursor.take(','));
  return cursor.at_end() ? Error::none : Error::bad_protocol;
}

Error check_request(UpgradeRequest const& request) {
  if (request.method != "GET") return Error::bad_method;
  if (!equals_ignoring_case(request.upgrade, "websocket")) return Error::bad_upgrade;
  if (!lists(request.connection, "upgrade")) return Error::bad_connection;
  if (!is_key(request.key)) return Error::bad_key;
  if (request.version != "13") return Error::bad_version;
  return Error::none;
}

}  // namespace

void KeyHasher::Deleter::operator()(evp_md_st* digest) const {
  EVP_MD_free(digest);
}

void KeyHasher::Deleter::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

KeyHasher::KeyHasher() : sha1_(EVP_MD_fetch(nullptr, "SHA1", nullptr)), context_(EVP_MD_CTX_new()) {
  if (sha1_ != nullptr && context_ != nullptr) return;
  throw std::runtime_error(
      "aerie: OpenSSL offers no SHA-1, which the WebSocket handshake needs; load its default provider");
}

AcceptKey KeyHasher::accept_key(std::string_view key) {
  std::array<unsigned char, sha1_size> digest;
  if (EVP_DigestInit_ex2(context_.get(), sha1_.get(), nullptr) != 1 ||
      EVP_DigestUpdate(context_.get(), key.data(), key.size()) != 1 ||
      EVP_DigestUpdate(context_.get(), key_suffix.data(), key_suffix.size()) != 1 ||
      EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) != 1)
    throw std::runtime_error("aerie: OpenSSL failed to compute a SHA-1 digest");
  std::array<unsigned char, std::tuple_size_v<AcceptKey> + 1> text;  // OpenSSL ends it with a zero.
  EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
  AcceptKey accept;
  std::copy_n(text.begin(), accept.size(), accept.begin());
  return accept;
}

Handshake shake_hands(UpgradeRequest const& request, HandshakeOptions const& options, KeyHasher& hasher) {
  if (auto const error = check_request(request); error != Error::none) return {.error = error};
  std::string_view protocol;
  if (auto const error = choose_protocol(request.protocol, options.subprotocols, protocol);
      error != Error::none)
    return {.error = error};
  auto const [error, deflate] = negotiate_extensions(request.extensions, options.deflate);
  if (error != Error::none) return {.error = error};
  return {.accept = hasher.accept_key(request.key), .protocol = protocol, .deflate = deflate};
}

void append_acceptance(std::string& out, Handshake const& handshake, std::string_view extra_headers) {
  out +=
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
      "Upgrade\r\nSec-WebSocket-Accept: ";
  out.append(handshake.accept.data(), handshake.accept.size()).append("\r\n");
  if (!handshake.protocol.empty())
    out.append("Sec-WebSocket-Protocol: ").append(handshake.protocol).append("\r\n");
  if (handshake.deflate) {
    out += "Sec-WebSocket-Extensions: ";
    append_extension(out, *handshake.deflate);
    out += "\r\n";
  }
  out.append(extra_headers).append("\r\n");
}

void append_refusal(std::string& out, std::string_view message, std::string_view extra_headers) {
  out += "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-type: text/html\r\nContent-Length: ";
  out.append(std::to_string(message.size()))
      .append("\r\n")
      .append(extra_headers)
      .append("\r\n")
      .append(message);
}

void append_refusal(std::string& out, Error error) {
  auto const version = error == Error::bad_version || error == Error::bad_key;
  append_refusal(out, describe(error), version ? "Sec-WebSocket-Version: 13\r\n" : "");
}

}}}  // namespace aerie::v1::websocket
