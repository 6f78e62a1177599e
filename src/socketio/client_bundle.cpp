#include "socketio/client_bundle.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/http/compression.hpp>
#include <aerie/http/etag.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <iterator>
#include <system_error>

namespace aerie { inline namespace v1 { namespace socketio {

namespace {

constexpr std::array<std::string_view, 4> scripts{"socket.io.js", "socket.io.min.js",
                                                  "socket.io.msgpack.min.js", "socket.io.esm.min.js"};

std::filesystem::path default_directory() {
  std::error_code error;
  auto const program = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::path() : program.parent_path().parent_path() / "share" / "aerie" / "client";
}

std::optional<std::string> read_file(std::filesystem::path const& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

/// The version that the script names in its first comment, for the ETag.
std::string version_of(std::string_view script) {
  auto const begin = script.find(" v");
  if (begin == std::string_view::npos) return std::to_string(std::hash<std::string_view>()(script));
  auto const end = script.find_first_not_of("0123456789.", begin + 2);
  return std::string(script.substr(begin + 2, end - begin - 2));
}

}  // namespace

ClientBundle::ClientBundle(http::Server& http, ServerOptions const& options)
    : http_(http),
      prefix_(options.path + (options.path.ends_with('/') ? "" : "/")),
      directory_(options.client_bundle.empty() ? default_directory()
                                               : std::filesystem::path(options.client_bundle)) {
  if (options.engine.cors) cors_ = std::make_unique<http::Cors>(*options.engine.cors);
  load(directory_);
  http_.mount(prefix_ + "socket.io.", *this);
}

ClientBundle::~ClientBundle() {
  http_.unmount(*this);
}

void ClientBundle::load(std::filesystem::path const& directory) {
  for (auto const script : scripts) {
    for (auto const& [suffix, type] :
         {std::pair<std::string_view, std::string_view>{"", "application/javascript"},
          {".map", "application/json"}}) {
      auto const name = core::concat(script, suffix);
      auto content = read_file(directory / name);
      if (!content) continue;
      if (etag_.empty()) etag_ = core::concat("\"", version_of(*content), "\"");
      files_.try_emplace(name, std::move(*content), type);
    }
  }
}

void ClientBundle::begin(http::Exchange& exchange) {
  if (exchange.shard().runtime().memory().refuses()) return exchange.respond_busy();
  auto const path = exchange.head().path();
  auto const name = path.substr(std::min(prefix_.size(), path.size()));
  auto const found = files_.find(name);
  if (found != files_.end()) {
    respond(exchange, found->second);
    return;
  }
  auto const why = files_.empty() ? core::concat(
                                        "aerie: the browser client is not installed; copy the files of npm's "
                                        "socket.io/client-dist to share/aerie/client beside the program, or "
                                        "set ServerOptions::client_bundle")
                                  : core::concat("aerie: the browser client has no file \"", name, "\"");
  exchange.respond(404, "Content-Type: text/plain; charset=utf-8\r\n", why);
}

void ClientBundle::respond(http::Exchange& exchange, File const& file) const {
  auto const& head = exchange.head();
  std::string headers;
  if (cors_) {
    if (cors_->preflight(exchange)) return;
    cors_->apply(head, headers);
  }
  headers += core::concat("Cache-Control: public, max-age=0\r\nETag: ", etag_, "\r\n");
  if (http::matches_tag(head.header("if-none-match"), etag_))
    return exchange.respond(304, headers, std::string_view());
  headers += core::concat("Content-Type: ", file.type, "; charset=utf-8\r\nVary: Accept-Encoding\r\n");
  auto const coding = http::choose_coding(head.header("accept-encoding"), http::codings_for_files);
  if (coding != http::ContentCoding::identity)
    headers += core::concat("Content-Encoding: ", http::to_string(coding), "\r\n");
  exchange.respond(200, headers, in_coding(file, coding));
}

std::string const& ClientBundle::in_coding(File const& file, http::ContentCoding coding) {
  if (coding == http::ContentCoding::identity) return file.content;
  auto const place = std::ranges::find(http::codings_for_files, coding) - http::codings_for_files.begin();
  auto& packed = file.packed.at(static_cast<std::size_t>(place));
  std::call_once(packed.once, [&] { http::Compressor().compress(coding, file.content, packed.content); });
  return packed.content;
}

}}}  // namespace aerie::v1::socketio
