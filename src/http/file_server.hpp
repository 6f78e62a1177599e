#pragma once

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
  std::string body = {};
  /// What the operator should know.
  std::string problem = {};
};

/// A directory that is served below a path. Never changes; `load` may be called on any thread.
class FileServer {
 public:
  /// Throws std::invalid_argument if `directory` is none.
  FileServer(std::string prefix, std::filesystem::path const& directory, FileOptions options);

  bool covers(std::string_view path) const noexcept { return path.starts_with(prefix_); }

  /// Has the exchange answered by a worker thread, as files may block. `header_lines` go with the answer.
  static void begin(std::shared_ptr<FileServer const> files, Exchange& exchange, std::string header_lines);

  /// Finds and reads the file. REQUIRES: covers(head.path()).
  FileReply load(RequestHead const& head) const;

 private:
  struct Found;

  std::optional<std::filesystem::path> locate(std::string_view path) const;
  std::optional<Found> find(std::filesystem::path const& file) const;
  FileReply serve(RequestHead const& head, Found const& file) const;
  FileReply fallback(RequestHead const& head) const;
  std::string_view cache_control(std::filesystem::path const& file) const;

  std::string prefix_;
  std::filesystem::path root_;
  std::filesystem::path immutable_root_;  // empty: there is none
  FileOptions options_;
};

}}}  // namespace aerie::v1::http
