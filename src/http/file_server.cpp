#include "http/file_server.hpp"

#include "http/characters.hpp"
#include "http/content_type.hpp"
#include "http/date_line.hpp"
#include "http/percent.hpp"

#include <aerie/core/log.hpp>
#include <aerie/http/compression.hpp>

#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <stdexcept>

namespace aerie { inline namespace v1 { namespace http {

namespace fs = std::filesystem;

/// A regular file inside the root.
struct FileServer::Found {
  fs::path path;
  std::uint64_t size;
  std::uint64_t modified_ns;
};

namespace {

std::string hex(std::uint64_t value) {
  std::string text;
  do {
    text.insert(text.begin(), "0123456789abcdef"[value & 15U]);
    value >>= 4U;
  } while (value != 0);
  return text;
}

bool is_inside(fs::path const& root, fs::path const& path) {
  auto const& outer = root.native();
  auto const& inner = path.native();
  return inner.starts_with(outer) &&
         (inner.size() == outer.size() || outer.ends_with('/') || inner[outer.size()] == '/');
}

/// Whether an If-None-Match has `tag` or `*` (weak comparison, RFC 9110 §13.1.2).
bool matches_tag(std::string_view if_none_match, std::string_view tag) {
  bool found = false;
  each_element(if_none_match, [&](std::string_view one) {
    if (one.starts_with("W/")) one.remove_prefix(2);
    found = found || one == tag || one == "*";
  });
  return found;
}

std::optional<std::string> read_file(fs::path const& path, std::uint64_t size) {
  std::ifstream stream(path, std::ios::binary);
  std::string content(static_cast<std::size_t>(size), '\0');
  if (!stream.read(content.data(), static_cast<std::streamsize>(size))) return std::nullopt;
  return content;
}

FileReply plain(int status, std::string_view text) {
  return {status, "Content-Type: text/plain; charset=utf-8\r\n", std::string(text)};
}

}  // namespace

FileServer::FileServer(std::string prefix, fs::path const& directory, FileOptions options)
    : prefix_(std::move(prefix)), options_(std::move(options)) {
  if (!prefix_.starts_with('/')) {
    throw std::invalid_argument(
        core::concat("aerie: cannot serve files at \"", prefix_, "\": a path begins with /"));
  }
  if (!prefix_.ends_with('/')) prefix_.push_back('/');
  std::error_code error;
  root_ = fs::canonical(directory, error);
  if (error || !fs::is_directory(root_)) {
    throw std::invalid_argument(core::concat("aerie: cannot serve files from ", directory.native(),
                                             ": it is no directory; give the folder that holds them"));
  }
  if (!options_.immutable_folder.empty()) {
    immutable_root_ = (root_ / fs::path(options_.immutable_folder).relative_path()).lexically_normal();
    if (!immutable_root_.has_filename()) immutable_root_ = immutable_root_.parent_path();
  }
  std::string checked;
  append_header(checked, "Cache-Control", options_.cache_control);
}

std::optional<fs::path> FileServer::locate(std::string_view path) const {
  auto const decoded = percent_decode(path.substr(prefix_.size()), PlusSign::is_plus);
  std::string_view rest = decoded;
  if (rest.find('\0') != rest.npos || rest.find('\\') != rest.npos) return std::nullopt;
  auto file = root_;
  while (!rest.empty()) {
    auto const end = std::min(rest.find('/'), rest.size());
    auto const segment = rest.substr(0, end);
    // Hidden files are not meant for the public, and so are `.` and `..`.
    if (segment.empty() || (segment.front() == '.' && segment != ".well-known")) return std::nullopt;
    file /= segment;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return file;
}

std::optional<FileServer::Found> FileServer::find(fs::path const& file) const {
  std::error_code error;
  auto const real = fs::canonical(file, error);
  // A link may lead anywhere, but only what lies in the root is served.
  if (error || !is_inside(root_, real)) return std::nullopt;
  struct stat status {};
  if (::stat(real.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  auto const modified = static_cast<std::uint64_t>(status.st_mtim.tv_sec) * 1'000'000'000U +
                        static_cast<std::uint64_t>(status.st_mtim.tv_nsec);
  return Found{real, static_cast<std::uint64_t>(status.st_size), modified};
}

std::string_view FileServer::cache_control(fs::path const& file) const {
  if (!immutable_root_.empty() && is_inside(immutable_root_, file))
    return "public, max-age=31536000, immutable";
  return options_.cache_control;
}

FileReply FileServer::load(RequestHead const& head) const {
  if (head.verb() != Method::get && head.verb() != Method::head) {
    auto reply = plain(405, "Method Not Allowed\n");
    reply.header_lines.append("Allow: GET, HEAD\r\n");
    return reply;
  }
  auto const path = head.path();
  auto const located = locate(path);
  if (!located) return plain(404, "Not Found\n");
  if (path.ends_with('/')) {
    if (auto const index = find(*located / options_.index)) return serve(head, *index);
    return fallback(head);
  }
  if (auto const file = find(*located)) return serve(head, *file);
  if (find(*located / options_.index)) {
    FileReply reply{301, {}, {}};
    append_header(reply.header_lines, "Location", core::concat(path, "/"));
    return reply;
  }
  return fallback(head);
}

FileReply FileServer::fallback(RequestHead const& head) const {
  if (!options_.fallback.empty() && head.header("accept").find("text/html") != std::string_view::npos) {
    if (auto const file = find(root_ / options_.fallback)) return serve(head, *file);
  }
  return plain(404, "Not Found\n");
}

FileReply FileServer::serve(RequestHead const& head, Found const& file) const {
  auto sent = file;
  auto coding = ContentCoding::identity;
  if (options_.precompressed) {
    for (auto const& [ending, candidate] :
         {std::pair{".br", ContentCoding::brotli}, std::pair{".gz", ContentCoding::gzip}}) {
      if (!accepts(head.header("accept-encoding"), candidate)) continue;
      if (auto found = find(file.path.native() + ending)) {
        sent = std::move(*found);
        coding = candidate;
        break;
      }
    }
  }

  auto const tag = core::concat("\"", hex(sent.size), "-", hex(sent.modified_ns), "\"");
  core::WallTime const modified{std::chrono::seconds{sent.modified_ns / 1'000'000'000U}};
  FileReply reply{200, {}, {}};
  auto& lines = reply.header_lines;
  lines.append("ETag: ").append(tag).append("\r\nLast-Modified: ").append(http_date(modified)).append("\r\n");
  lines.append("Cache-Control: ").append(cache_control(file.path)).append("\r\n");
  if (options_.precompressed) lines.append("Vary: Accept-Encoding\r\n");

  auto const if_none_match = head.header("if-none-match");
  auto const unchanged = if_none_match.empty() ? head.header("if-modified-since") == http_date(modified)
                                               : matches_tag(if_none_match, tag);
  if (unchanged) {
    reply.status = 304;
    return reply;
  }
  if (sent.size > options_.max_file_bytes) {
    reply = plain(500, "Internal Server Error\n");
    reply.problem = core::concat(sent.path.native(), " is larger than FileOptions::max_file_bytes; raise it");
    return reply;
  }
  auto content = read_file(sent.path, sent.size);
  if (!content) return plain(404, "Not Found\n");
  reply.body = std::move(*content);
  lines.append("Content-Type: ").append(content_type_of(file.path.native())).append("\r\n");
  lines.append("X-Content-Type-Options: nosniff\r\n");
  if (coding != ContentCoding::identity)
    lines.append("Content-Encoding: ").append(to_string(coding)).append("\r\n");
  return reply;
}

}}}  // namespace aerie::v1::http
