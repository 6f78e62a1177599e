#pragma once

#include "http/byte_range.hpp"
#include "http/open_file.hpp"

#include <aerie/core/clock.hpp>
#include <aerie/http/compression.hpp>
#include <aerie/http/exchange.hpp>
#include <aerie/http/files.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// An answer made of a file, without Date and lengths.
struct FileReply {
  int status = 404;
  std::string header_lines = {};
  /// Instead of a file; also its content in another coding.
  std::string body = {};
  std::optional<OpenFile> file = std::nullopt;
  /// What of the file is sent.
  ByteRange range = {};

  static FileReply text(int status, std::string_view text);
  static FileReply not_found() { return text(404, "Not Found\n"); }
};

/// A directory that is served below a path. Never changes; `find` may be called on any thread.
class FileServer {
 public:
  /// Throws std::invalid_argument if `directory` is none.
  FileServer(std::string prefix, std::filesystem::path const& directory, FileOptions options);

  bool covers(std::string_view path) const noexcept { return path.starts_with(prefix_); }

  /// Has the exchange answered by worker threads, as files may block. `path` is the `Path::text` of its path.
  /// `header_lines` go with the answer.
  static void begin(std::shared_ptr<FileServer const> files, Exchange& exchange, std::string path,
                    std::string header_lines);

  /// Finds and opens the file, and says what is to be sent of it at the time `now`. REQUIRES: covers(path).
  FileReply find(RequestHead const& head, std::string_view path, core::WallTime now) const;

 private:
  struct Found {
    std::filesystem::path path;
    OpenFile file;
  };

  std::optional<std::filesystem::path> locate(std::string_view path) const;
  std::optional<Found> open(std::filesystem::path const& file) const;
  FileReply serve(RequestHead const& head, Found found, core::WallTime now) const;
  std::optional<Found> find_precompressed(RequestHead const& head, Found const& found,
                                          ContentCoding& coding) const;
  bool may_compress(RequestHead const& head, OpenFile const& file, std::string_view type) const;
  FileReply fallback(RequestHead const& head, core::WallTime now) const;
  std::string_view cache_control(std::filesystem::path const& file) const;

  std::string prefix_;
  std::filesystem::path root_;
  std::filesystem::path immutable_root_;  // empty: there is none
  FileOptions options_;
};

}}}  // namespace aerie::v1::http
