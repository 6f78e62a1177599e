#pragma once

/// \file
/// How a directory is served. A plain value.

#include <chrono>
#include <cstddef>
#include <limits>
#include <string>

namespace aerie { inline namespace v1 { namespace http {

/// How files are served.
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
  /// Text (HTML, scripts, JSON, SVG ...) of 1 KiB up to so many bytes is compressed for a client that takes
  /// it (brotli, gzip or deflate), each time it is asked for, on a worker thread, which holds the file's
  /// content meanwhile. What is asked for often is better compressed beforehand (`precompressed`). 0: never.
  std::size_t compress_up_to = std::size_t{1} << 20U;
  /// Larger files are refused with a line in the log. Without a limit by default: files are read as they are
  /// sent, so their size costs no memory.
  std::size_t max_file_bytes = std::numeric_limits<std::size_t>::max();
};

}}}  // namespace aerie::v1::http
