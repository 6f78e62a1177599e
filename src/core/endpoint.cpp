#include <aerie/core/endpoint.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace aerie { inline namespace v1 { namespace core {

Endpoint Endpoint::from(sockaddr const& address) {
  static constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  Endpoint result;
  auto const set_v4 = [&](void const* bytes, in_port_t port) {
    std::uint32_t as_they_stand = 0;
    std::memcpy(&as_they_stand, bytes, sizeof as_they_stand);
    result.word_ = std::uint64_t{as_they_stand} << 32U | std::uint64_t{ntohs(port)} << 16U | is_v4;
  };
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof v4);
    set_v4(&v4.sin_addr, v4.sin_port);
  } else if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &address, sizeof v6);
    std::array<std::uint8_t, 16> bytes;
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    if (std::equal(mapped.begin(), mapped.end(), bytes.begin())) {
      set_v4(bytes.data() + mapped.size(), v6.sin6_port);
    } else {
      auto const* const record = new Record{.port = ntohs(v6.sin6_port), .bytes = bytes};
      result.word_ = reinterpret_cast<std::uintptr_t>(record);
    }
  }
  return result;
}

void Endpoint::release() noexcept {
  if (record()->references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete record();
}

std::optional<Endpoint> Endpoint::parse(std::string_view address, std::uint16_t port) {
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
  auto const all = bytes();
  if (all.empty()) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(all.size() == 4 ? AF_INET : AF_INET6, all.data(), text.data(), text.size());
  return text.data();
}

}}}  // namespace aerie::v1::core
