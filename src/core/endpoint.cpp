#include <aerie/core/endpoint.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace aerie { inline namespace v1 { namespace core {

Endpoint Endpoint::v4(void const* address, std::uint16_t port) noexcept {
  Endpoint result;
  std::memcpy(result.bytes_.data(), address, 4);
  result.port_ = port;
  result.family_ = Family::v4;
  return result;
}

Endpoint Endpoint::v6(void const* address, std::uint16_t port) noexcept {
  static constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  Endpoint result;
  std::memcpy(result.bytes_.data(), address, 16);
  if (std::equal(mapped.begin(), mapped.end(), result.bytes_.begin())) return v4(&result.bytes_[12], port);
  result.port_ = port;
  result.family_ = Family::v6;
  return result;
}

Endpoint Endpoint::from(sockaddr const& address) noexcept {
  if (address.sa_family == AF_INET) {
    sockaddr_in in;
    std::memcpy(&in, &address, sizeof in);
    return v4(&in.sin_addr, ntohs(in.sin_port));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 in;
    std::memcpy(&in, &address, sizeof in);
    return v6(&in.sin6_addr, ntohs(in.sin6_port));
  }
  return {};
}

std::optional<Endpoint> Endpoint::parse(std::string_view address, std::uint16_t port) noexcept {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.size() >= text.size() || address.find('\0') != address.npos) return std::nullopt;
  address.copy(text.data(), address.size());
  in_addr four{};
  if (inet_pton(AF_INET, text.data(), &four) == 1) return v4(&four, port);
  in6_addr six{};
  if (inet_pton(AF_INET6, text.data(), &six) == 1) return v6(&six, port);
  return std::nullopt;
}

std::string Endpoint::address() const {
  if (family_ == Family::none) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(family_ == Family::v4 ? AF_INET : AF_INET6, bytes_.data(), text.data(), text.size());
  return text.data();
}

}}}  // namespace aerie::v1::core
