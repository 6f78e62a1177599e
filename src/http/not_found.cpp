#include "http/not_found.hpp"

#include <aerie/http/query.hpp>

namespace aerie { inline namespace v1 { namespace http {

namespace {

/// Enough to recognise a path by, however long it is.
std::string_view shortened(std::string_view text) noexcept {
  return text.substr(0, 100);
}

/// The one with the shortest path: longer ones may be what belongs to it, such as the files of its client.
Mount const* named_mount(MountTable const& mounts) noexcept {
  Mount const* shortest = nullptr;
  for (auto const& mount : mounts.all()) {
    if (mount.service->name().empty()) continue;
    if (shortest == nullptr || mount.prefix.size() < shortest->prefix.size()) shortest = &mount;
  }
  return shortest;
}

}  // namespace

bool looks_like_socket_io(RequestHead const& head) noexcept {
  auto const path = head.path();
  if (path.find("/socket.io") != path.npos || path.find("/engine.io") != path.npos) return true;
  bool version = false;
  bool transport = false;
  each_raw_parameter(head.query(), [&](std::string_view name, std::string_view) {
    version = version || name == "EIO";
    transport = transport || name == "transport";
  });
  return version && transport;
}

std::string explain_missing_socket_io(RequestHead const& head, MountTable const& mounts) {
  auto const path = shortened(head.path());
  auto const what = core::concat("aerie: no route for ", head.method(), " ", path, ": ");
  auto const* const mount = named_mount(mounts);
  if (mount == nullptr) {
    return core::concat(
        what,
        "no Socket.IO server is attached to this HTTP server; call io.attach(http), or let the client ask "
        "for the port that the server has");
  }
  auto const& service = *mount->service;
  if (mount->prefix == core::concat(path, "/")) {
    return core::concat(what, service.name(), " is at ", mount->prefix,
                        ", with a slash at the end; let the client ask for that, or set the server's "
                        "add_trailing_slash to false");
  }
  return core::concat(what, service.name(), " is at ", mount->prefix,
                      "; set the client's option `path` to that, or the server's `", service.path_option(),
                      "` to the path that clients use");
}

}}}  // namespace aerie::v1::http
