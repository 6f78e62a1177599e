#include <aerie/core/connector.hpp>

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>

namespace aerie { inline namespace v1 { namespace core {

Resolution look_up(std::string const& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (auto const error = getaddrinfo(host.c_str(), nullptr, &hints, &found))
    return {.addresses = {}, .error = gai_strerror(error)};
  std::unique_ptr<addrinfo, void (*)(addrinfo*)> const all(found, freeaddrinfo);
  Resolution result;
  for (auto const* entry = found; entry != nullptr; entry = entry->ai_next) {
    auto const endpoint = Endpoint::from(*entry->ai_addr);
    if (!endpoint.bytes().empty()) result.addresses.push_back(endpoint);
  }
  if (result.addresses.empty()) result.error = "it has no address";
  return result;
}

std::vector<Endpoint> interleaved(std::vector<Endpoint> const& addresses) {
  if (addresses.empty()) return {};
  auto const first_size = addresses.front().bytes().size();
  std::vector<Endpoint> result, others;
  for (auto const& address : addresses)
    (address.bytes().size() == first_size ? result : others).push_back(address);
  // Each of the others goes behind one of the first family, as long as there are such.
  std::size_t place = 1;
  for (auto const& other : others) {
    auto const at = std::min(place, result.size());
    result.insert(result.begin() + static_cast<std::ptrdiff_t>(at), other);
    place = at + 2;
  }
  return result;
}

}}}  // namespace aerie::v1::core
