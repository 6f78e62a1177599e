#pragma once

#include <aerie/http/server.hpp>
#include <aerie/socketio/options.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

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
  struct File {
    std::string content;
    std::string gzip;
    std::string_view type;
  };

  void load(std::filesystem::path const& directory);
  void respond(http::Exchange& exchange, File const& file) const;

  http::Server& http_;
  std::string prefix_;
  std::filesystem::path directory_;
  std::map<std::string, File, std::less<>> files_;
  std::string etag_;
  std::unique_ptr<http::Cors> cors_;
};

}}}  // namespace aerie::v1::socketio
