#include <aerie/core/endpoint.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace aerie { inline namespace v1 { namespace core {

Endpoint Endpoint::from(sockaddr const& address) noexcept {
  static constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  Endpoint result;
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof v4);
    std::memcpy(result.bytes_.data(), &v4.sin_addr, 4);
    result.port_ = ntohs(v4.sin_port);
    result.family_ = Family::v4;
  } else if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &address, sizeof v6);
    std::memcpy(result.bytes_.data(), &v6.sin6_addr, 16);
    result.port_ = ntohs(v6.sin6_port);
    result.family_ = Family::v6;
    if (std::equal(mapped.begin(), mapped.end(), result.bytes_.begin())) {
      std::copy_n(result.bytes_.begin() + 12, 4, result.bytes_.begin());
      std::fill(result.bytes_.begin() + 4, result.bytes_.end(), std::uint8_t{0});
      result.family_ = Family::v4;
    }
  }
  return result;
}

std::optional<Endpoint> Endpoint::parse(std::string_view address, std::uint16_t port) noexcept {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.size() >= text.size() || address.find('\0') != address.npos) return std::nullopt;
  address.copy(text.data(), address.size());
  // Copied to where there is room for either: g++ 12 thinks that the smaller one is read as the larger.
  sockaddr_storage storage{};
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET, text.data(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&storage, &v4, sizeof v4);
  } else if (inet_pton(AF_INET6, text.data(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&storage, &v6, sizeof v6);
  } else {
    return std::nullopt;
  }
  return from(reinterpret_cast<sockaddr const&>(storage));
}

std::string Endpoint::address() const {
  if (family_ == Family::none) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(family_ == Family::v4 ? AF_INET : AF_INET6, bytes_.data(), text.data(), text.size());
  return text.data();
}

}}}  // namespace aerie::v1::core
