#pragma once

/// \file
/// How a directory is served. A plain value.

#include <chrono>
#include <cstddef>
#include <limits>
#include <string>

namespace aerie { inline namespace v1 { namespace http {

struct FileOptions {
  /// `Cache-Control` of files whose name may be reused: browsers ask each time and mostly hear 304.
  std::string cache_control = "public, max-age=0";
  /// Below this folder names carry a hash of their content (`assets/` with Vite), so they are cached for a
  /// year and never asked for again. Empty: there is none.
  std::string immutable_folder = {};
  /// Served for a directory.
  std::string index = "index.html";
  /// Served, with 200, where nothing else is found and the request accepts HTML: a single-page application's
  /// router decides then. Empty: 404.
  std::string fallback = {};
  /// Serve `app.js.br` or `app.js.gz` where they lie beside `app.js` and the client takes them.
  bool precompressed = true;
  /// Larger files are refused with a line in the log. Without a limit by default: files are read as they are
  /// sent, so their size costs no memory.
  std::size_t max_file_bytes = std::numeric_limits<std::size_t>::max();
};

}}}  // namespace aerie::v1::http
