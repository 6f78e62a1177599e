#pragma once

#include <string>

namespace aerie { inline namespace v1 { namespace gateway {

/// The path of a gateway, however it was written: "ws", "/ws" and "/ws/" are "/ws".
inline std::string clean_path(std::string path) {
  if (!path.starts_with('/')) path.insert(0, "/");
  while (path.size() > 1 && path.ends_with('/'))
    path.pop_back();
  return path;
}

}}}  // namespace aerie::v1::gateway
