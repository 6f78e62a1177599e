#pragma once

#include <aerie/http/compression.hpp>
#include <aerie/http/server.hpp>
#include <aerie/socketio/options.hpp>

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

/// Serves the official browser client below the server's path: `/socket.io/socket.io.js` and its variants.
/// The files are npm's, read from a directory when the server starts; without them the answer says where they
/// are looked for.
class ClientBundle final : public http::Service {
 public:
  ClientBundle(http::Server& http, ServerOptions const& options);
  ~ClientBundle() override;
  void begin(http::Exchange& exchange) override;
  std::string_view name() const override { return "Socket.IO client"; }

 private:
  /// A file's content in one coding, made when the first client asks for it. Any thread.
  struct Packed {
    std::once_flag once;
    std::string content;
  };
  struct File {
    File(std::string text, std::string_view media_type) : content(std::move(text)), type(media_type) {}
    std::string content;
    std::string_view type;
    mutable std::array<Packed, http::codings_for_files.size()> packed{};
  };

  void load(std::filesystem::path const& directory);
  void respond(http::Exchange& exchange, File const& file) const;
  static std::string const& in_coding(File const& file, http::ContentCoding coding);

  http::Server& http_;
  std::string prefix_;
  std::filesystem::path directory_;
  std::map<std::string, File, std::less<>> files_;
  std::string etag_;
  std::unique_ptr<http::Cors> cors_;
};

}}}  // namespace aerie::v1::socketio
