#include "http/mounts.hpp"

#include <aerie/core/log.hpp>

#include <algorithm>
#include <stdexcept>

namespace aerie { inline namespace v1 { namespace http {

void MountTable::add(std::string prefix, Service& service) {
  if (!prefix.starts_with('/')) {
    throw std::invalid_argument(
        core::concat("aerie: cannot mount at \"", prefix, "\": a path begins with /"));
  }
  for (auto const& mount : mounts_) {
    if (mount.prefix == prefix) {
      throw std::invalid_argument(core::concat("aerie: ", prefix, " is taken by another service",
                                               mount.service->name().empty() ? "" : ", ",
                                               mount.service->name(), "; mount one of the two elsewhere"));
    }
  }
  auto const place = std::find_if(mounts_.begin(), mounts_.end(),
                                  [&](Mount const& mount) { return mount.prefix.size() < prefix.size(); });
  mounts_.insert(place, Mount{std::move(prefix), &service});
}

void MountTable::remove(Service& service) {
  std::erase_if(mounts_, [&](Mount const& mount) { return mount.service == &service; });
}

Service* MountTable::find(RequestHead const& head) const noexcept {
  // Byte for byte, as the official Socket.IO server finds its own path.
  for (auto const& mount : mounts_) {
    if (head.path().starts_with(mount.prefix) && mount.service->wants(head)) return mount.service;
  }
  return nullptr;
}

}}}  // namespace aerie::v1::http
