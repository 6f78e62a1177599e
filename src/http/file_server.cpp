#include "http/file_server.hpp"

#include "http/characters.hpp"
#include "http/content_type.hpp"
#include "http/date_line.hpp"
#include "http/percent.hpp"

#include <aerie/core/log.hpp>
#include <aerie/http/etag.hpp>

#include <chrono>
#include <stdexcept>
#include <vector>

namespace aerie { inline namespace v1 { namespace http {

namespace fs = std::filesystem;

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

/// Whether the part of an earlier answer that a client has is part of this one, so that the rest is of use
/// (strong comparison, RFC 9110 §13.1.5). A time is a strong validator only if the file has been left alone
/// since.
bool may_send_range(std::string_view if_range, std::string_view tag, core::WallTime modified,
                    core::WallTime now) {
  if (if_range.empty() || if_range == tag) return true;
  return if_range == http_date(modified) && now - modified >= std::chrono::seconds{2};
}

}  // namespace

FileReply FileReply::text(int status, std::string_view text) {
  FileReply reply;
  reply.status = status;
  reply.header_lines = "Content-Type: text/plain; charset=utf-8\r\n";
  reply.body = text;
  return reply;
}

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
  auto rest = path.substr(prefix_.size());
  auto file = root_;
  while (!rest.empty()) {
    auto const end = std::min(rest.find('/'), rest.size());
    auto const segment = percent_decode(rest.substr(0, end), PlusSign::is_plus);
    // Hidden files are not meant for the public, and no file's name has a slash.
    if (segment.empty() || (segment.front() == '.' && segment != ".well-known")) return std::nullopt;
    if (segment.find_first_of("/\\") != segment.npos) return std::nullopt;
    file /= segment;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return file;
}

std::optional<FileServer::Found> FileServer::open(fs::path const& file) const {
  std::error_code error;
  auto real = fs::canonical(file, error);
  // A link may lead anywhere, but only what lies in the root is served.
  if (error || !is_inside(root_, real)) return std::nullopt;
  auto opened = OpenFile::open(real);
  if (!opened) return std::nullopt;
  return Found{std::move(real), std::move(*opened)};
}

std::string_view FileServer::cache_control(fs::path const& file) const {
  if (!immutable_root_.empty() && is_inside(immutable_root_, file))
    return "public, max-age=31536000, immutable";
  return options_.cache_control;
}

FileReply FileServer::find(RequestHead const& head, std::string_view path, core::WallTime now) const {
  if (head.verb() != Method::get && head.verb() != Method::head) {
    auto reply = FileReply::text(405, "Method Not Allowed\n");
    reply.header_lines.append("Allow: GET, HEAD\r\n");
    return reply;
  }
  auto const located = locate(path);
  if (!located) return FileReply::not_found();
  if (path.ends_with('/')) {
    if (auto index = open(*located / options_.index)) return serve(head, std::move(*index), now);
    return fallback(head, now);
  }
  if (auto file = open(*located)) return serve(head, std::move(*file), now);
  if (open(*located / options_.index)) {
    FileReply reply;
    reply.status = 301;
    append_header(reply.header_lines, "Location", core::concat(head.path(), "/"));
    return reply;
  }
  return fallback(head, now);
}

FileReply FileServer::fallback(RequestHead const& head, core::WallTime now) const {
  if (!options_.fallback.empty() && head.header("accept").find("text/html") != std::string_view::npos) {
    if (auto file = open(root_ / options_.fallback)) return serve(head, std::move(*file), now);
  }
  return FileReply::not_found();
}

std::optional<FileServer::Found> FileServer::find_precompressed(RequestHead const& head, Found const& found,
                                                                ContentCoding& coding) const {
  auto const accept = head.header("accept-encoding");
  std::vector<ContentCoding> left{ContentCoding::brotli, ContentCoding::gzip};
  while (true) {
    coding = choose_coding(accept, left, AmongEquals::offer);
    if (coding == ContentCoding::identity) return std::nullopt;
    auto const* ending = coding == ContentCoding::brotli ? ".br" : ".gz";
    if (auto packed = open(found.path.native() + ending)) return packed;
    std::erase(left, coding);
  }
}

/// Whether clients get the file in the coding they like best. A part is one of the file as it is.
bool FileServer::may_compress(RequestHead const& head, OpenFile const& file, std::string_view type) const {
  return file.size() >= default_compression_threshold && file.size() <= options_.compress_up_to &&
         file.size() <= options_.max_file_bytes && is_compressible(type) && head.header("range").empty();
}

FileReply FileServer::serve(RequestHead const& head, Found found, core::WallTime now) const {
  auto coding = ContentCoding::identity;
  auto sent = std::move(found.file);
  auto const type = content_type_of(found.path.native());
  if (options_.precompressed) {
    if (auto packed = find_precompressed(head, found, coding)) sent = std::move(packed->file);
  }
  auto const compresses = coding == ContentCoding::identity && may_compress(head, sent, type);
  if (compresses)
    coding = choose_coding(head.header("accept-encoding"), codings_for_files, AmongEquals::offer);

  auto const size = sent.size();
  // What is compressed here is another representation of the same file, so its tag is another.
  auto const packed = compresses && coding != ContentCoding::identity;
  auto const tag = core::concat("\"", hex(size), "-", hex(sent.modified_ns()), packed ? "-" : "",
                                packed ? to_string(coding) : std::string_view{}, "\"");
  core::WallTime const modified{std::chrono::seconds{sent.modified_ns() / 1'000'000'000U}};
  FileReply reply;
  reply.status = 200;
  auto& lines = reply.header_lines;
  lines.append("ETag: ").append(tag).append("\r\nLast-Modified: ").append(http_date(modified)).append("\r\n");
  lines.append("Cache-Control: ").append(cache_control(found.path)).append("\r\n");
  lines.append(packed ? "" : "Accept-Ranges: bytes\r\n");
  if (options_.precompressed || options_.compress_up_to != 0) lines.append("Vary: Accept-Encoding\r\n");

  auto const if_none_match = head.header("if-none-match");
  auto const unchanged = if_none_match.empty() ? head.header("if-modified-since") == http_date(modified)
                                               : matches_tag(if_none_match, tag);
  if (unchanged) {
    reply.status = 304;
    return reply;
  }
  if (size > options_.max_file_bytes) {
    throw std::length_error(
        core::concat(found.path.native(), " is larger than FileOptions::max_file_bytes; raise it"));
  }
  reply.range = {0, size};
  if (head.verb() == Method::get && may_send_range(head.header("if-range"), tag, modified, now)) {
    auto const asked = read_range(head.header("range"), size);
    if (asked.kind == RangeRequest::Kind::unsatisfiable) {
      auto refusal = FileReply::text(416, "Range Not Satisfiable\n");
      refusal.header_lines.append(core::concat("Content-Range: bytes */", std::to_string(size), "\r\n"));
      return refusal;
    }
    if (asked.kind == RangeRequest::Kind::part) {
      reply.status = 206;
      reply.range = asked.range;
      lines.append(core::concat("Content-Range: bytes ", std::to_string(asked.range.begin), "-",
                                std::to_string(asked.range.begin + asked.range.size - 1), "/",
                                std::to_string(size), "\r\n"));
    }
  }
  lines.append("Content-Type: ").append(type).append("\r\n");
  lines.append("X-Content-Type-Options: nosniff\r\n");
  if (coding != ContentCoding::identity)
    lines.append("Content-Encoding: ").append(to_string(coding)).append("\r\n");
  if (packed) {
    std::string content;
    if (!sent.read(0, size, content)) return FileReply::not_found();
    Compressor().compress(coding, content, reply.body);
    return reply;
  }
  reply.file = std::move(sent);
  return reply;
}

}}}  // namespace aerie::v1::http
