#include "client/proxy.hpp"

#include <aerie/client/url.hpp>
#include <aerie/core/base64.hpp>
#include <aerie/core/endpoint.hpp>
#include <aerie/core/log.hpp>
#include <aerie/http/query.hpp>
#include <aerie/http/request_head.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace client {

namespace {

// SOCKS5 has one byte for the size of each (RFC 1928 §5, RFC 1929 §2).
constexpr std::size_t longest_socks_text = 255;

[[noreturn]] void refuse_proxy(std::string_view why) {
  throw std::invalid_argument(core::concat(
      "aerie: client::Options::proxy ", why,
      "; write one like http://user:password@proxy.example.com:3128 or socks5h://127.0.0.1:1080"));
}

ProxyUrl::Kind take_proxy_scheme(std::string_view& rest) {
  auto const end = rest.find("://");
  if (end == rest.npos) refuse_proxy("has no scheme that is one of http, https, socks5 and socks5h");
  auto const scheme = rest.substr(0, end);
  rest.remove_prefix(end + 3);
  using Kind = ProxyUrl::Kind;
  constexpr std::array<std::pair<std::string_view, Kind>, 4> kinds{
      {{"http", Kind::http}, {"https", Kind::https}, {"socks5", Kind::socks5}, {"socks5h", Kind::socks5h}}};
  for (auto const& [name, kind] : kinds)
    if (http::equal_ignoring_case(scheme, name)) return kind;
  refuse_proxy("has a scheme that is none of http, https, socks5 and socks5h");
}

void take_credentials(ProxyUrl& url, std::string_view& rest) {
  auto const at = rest.rfind('@');
  if (at == rest.npos) return;
  auto const credentials = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  auto const colon = std::min(credentials.find(':'), credentials.size());
  url.user = http::decode_component(credentials.substr(0, colon));
  if (colon < credentials.size()) url.password = http::decode_component(credentials.substr(colon + 1));
  if (url.kind == ProxyUrl::Kind::http || url.kind == ProxyUrl::Kind::https) {
    if (url.user->find(':') != std::string::npos)
      refuse_proxy("has a user's name with a colon, which HTTP cannot say");
  } else if (url.user->empty() || url.user->size() > longest_socks_text ||
             url.password.size() > longest_socks_text) {
    refuse_proxy(
        "has credentials that SOCKS5 cannot say: a name of 1 to 255 bytes, a password of 255 at most");
  }
}

// --- CONNECT

class ConnectTalk final : public ProxyTalk {
 public:
  ConnectTalk(ProxyUrl const& proxy, ProxyTarget const& target) {
    auto const is_v6 = target.host.find(':') != std::string::npos;
    auto const authority =
        core::concat(is_v6 ? "[" : "", target.host, is_v6 ? "]:" : ":", std::to_string(target.port));
    request_ = core::concat("CONNECT ", authority, " HTTP/1.1\r\nHost: ", authority, "\r\n");
    if (proxy.user) {
      auto const credentials = base64::encode(core::concat(*proxy.user, ":", proxy.password));
      request_ += core::concat("Proxy-Authorization: Basic ", credentials, "\r\n");
    }
    request_ += "\r\n";
    // Whatever its head says, no body follows.
    answer_.begin(true);
  }

  std::string begin() override { return std::move(request_); }

  Status receive(std::string_view& input, std::string& /*output*/) override {
    while (true) {
      switch (answer_.next(input).status) {
        case http::ResponseDecoder::Status::more:
          return Status::more;
        case http::ResponseDecoder::Status::failed:
          return fail(core::concat("the proxy's response ", answer_.error()));
        case http::ResponseDecoder::Status::complete: {
          auto const status = answer_.head().status;
          if (status >= 200 && status < 300) return Status::done;
          auto const* const why =
              status == 407 ? ": it wants a name and a password that are right, in Options::proxy" : "";
          return fail(core::concat("the proxy has answered ", std::to_string(status), why));
        }
        case http::ResponseDecoder::Status::head:
        case http::ResponseDecoder::Status::data:
          break;
      }
    }
  }

 private:
  std::string request_;
  http::ResponseDecoder answer_;
};

// --- SOCKS5

class SocksTalk final : public ProxyTalk {
 public:
  SocksTalk(ProxyUrl const& proxy, ProxyTarget target) : proxy_(proxy), target_(std::move(target)) {}

  std::string begin() override {
    // Without credentials, and with a name and a password if there are any.
    return proxy_.user ? std::string("\x05\x02\x00\x02", 4) : std::string("\x05\x01\x00", 3);
  }

  Status receive(std::string_view& input, std::string& output) override {
    while (true) {
      auto const wanted = size_wanted();
      auto const taken = std::min(wanted - buffered_.size(), input.size());
      buffered_ += input.substr(0, taken);
      input.remove_prefix(taken);
      if (buffered_.size() < wanted) return Status::more;
      // An answer's size shows when its beginning is there.
      if (state_ == State::answer && buffered_.size() < size_wanted()) continue;
      auto const status = step(output);
      if (status != Status::more) return status;
      buffered_.clear();
    }
  }

 private:
  enum class State : std::uint8_t { method, credentials, answer };

  unsigned char byte(std::size_t at) const { return static_cast<unsigned char>(buffered_[at]); }

  std::size_t size_wanted() const {
    constexpr std::size_t beginning = 5;
    if (state_ != State::answer) return 2;
    if (buffered_.size() < beginning) return beginning;
    // Version, reply, reserved, type, address, port; a name has its size in front.
    switch (byte(3)) {
      case 1:
        return 4 + 4 + 2;
      case 4:
        return 4 + 16 + 2;
      case 3:
        return beginning + byte(4) + 2;
      default:
        return beginning;
    }
  }

  Status step(std::string& output) {
    switch (state_) {
      case State::method:
        return chosen(output);
      case State::credentials:
        if (byte(1) != 0) return fail("the proxy does not take the name and the password of Options::proxy");
        return ask(output);
      case State::answer:
        return answered();
    }
    return fail({});
  }

  Status chosen(std::string& output) {
    if (byte(0) != 5) return fail("the proxy does not speak SOCKS5");
    if (byte(1) == 0) return ask(output);
    if (byte(1) != 2 || !proxy_.user)
      return fail("the proxy wants a name and a password; give them in Options::proxy");
    state_ = State::credentials;
    output += '\x01';
    append_text(output, *proxy_.user);
    append_text(output, proxy_.password);
    return Status::more;
  }

  static void append_text(std::string& output, std::string_view text) {
    output += static_cast<char>(text.size());
    output += text;
  }

  Status ask(std::string& output) {
    state_ = State::answer;
    output.append("\x05\x01\x00", 3);
    if (auto const address = core::Endpoint::parse(target_.host)) {
      auto const bytes = address->bytes();
      output += bytes.size() == 4 ? '\x01' : '\x04';
      output.append(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    } else {
      if (target_.host.size() > longest_socks_text)
        return fail("the server's name is longer than SOCKS5 can say: 255 bytes");
      output += '\x03';
      append_text(output, target_.host);
    }
    output += static_cast<char>(target_.port >> 8U);
    output += static_cast<char>(target_.port & 0xFFU);
    return Status::more;
  }

  Status answered() {
    if (byte(0) != 5) return fail("the proxy does not speak SOCKS5");
    constexpr std::array<std::string_view, 9> replies{
        "",
        "has failed",
        "does not allow it",
        "has found the network unreachable",
        "has found the host unreachable",
        "was refused by the server",
        "has waited too long",
        "does not know the command",
        "does not know the kind of address",
    };
    auto const reply = byte(1);
    if (reply != 0)
      return fail(core::concat("the proxy ", reply < replies.size() ? replies[reply] : "has failed"));
    if (byte(3) != 1 && byte(3) != 3 && byte(3) != 4) return fail("the proxy's answer is not that of SOCKS5");
    return Status::done;
  }

  ProxyUrl proxy_;
  ProxyTarget target_;
  std::string buffered_;
  State state_ = State::method;
};

}  // namespace

ProxyUrl ProxyUrl::parse(std::string_view text) {
  ProxyUrl url;
  auto rest = text;
  url.kind = take_proxy_scheme(rest);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.find_first_of("/?#") != rest.npos) refuse_proxy("has a path or a query, which no proxy has");
  take_credentials(url, rest);
  // Host and port are written as a server's are.
  auto const is_http = url.kind == Kind::http || url.kind == Kind::https;
  try {
    auto const where = Url::parse(core::concat("http://", rest));
    url.host = where.host;
    url.port = where.port;
  } catch (std::invalid_argument const&) {
    refuse_proxy("has no host and port that can be read");
  }
  auto const has_port = rest.ends_with(core::concat(":", std::to_string(url.port)));
  if (!has_port) url.port = is_http ? (url.kind == Kind::http ? 80 : 443) : 1080;
  return url;
}

std::unique_ptr<ProxyTalk> talk_to(ProxyUrl const& proxy, ProxyTarget const& target) {
  using Kind = ProxyUrl::Kind;
  if (proxy.kind == Kind::http || proxy.kind == Kind::https)
    return std::make_unique<ConnectTalk>(proxy, target);
  return std::make_unique<SocksTalk>(proxy, target);
}

}}}  // namespace aerie::v1::client
