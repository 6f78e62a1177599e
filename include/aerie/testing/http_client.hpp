#pragma once

/// \file
/// Requests to the controllers of an application under test, without a network.
///
/// Thread contract: as aerie::testing::Application.

#include <aerie/core/api.hpp>
#include <aerie/core/memory_stream.hpp>
#include <aerie/http/server_sent_event.hpp>
#include <aerie/schema/encodable.hpp>
#include <aerie/schema/value.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace testing {

class Network;
class ResponseReader;

/// Header lines of a request: `{{"Authorization", "Bearer " + token}}`.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// An answer. A plain value.
struct AERIE_API HttpResponse {
  /// The status code.
  int status = 0;
  /// As they came, in their order.
  Headers headers{};
  /// All of it, without its chunks.
  std::string body{};

  /// The first header of that name, in any case; empty if there is none.
  std::string_view header(std::string_view name) const noexcept;
  /// The body as JSON. Throws Failure if it is none.
  Value json() const;
};

/// A part of a form: a field, or a file if it has a name for it.
struct FormPart {
  /// The field's name.
  std::string name;
  /// The bytes of the field or the file.
  std::string content;
  /// Makes it a file.
  std::optional<std::string> file_name = std::nullopt;
  /// The media type of a file.
  std::string type = "application/octet-stream";
};

/// The listener of a route of server-sent events. It leaves when it is destroyed.
class AERIE_API EventStream {
 public:
  /// For the framework; callers use `HttpClient::events`.
  EventStream(std::shared_ptr<Network> network, core::MemoryClient connection);
  EventStream(EventStream&&) noexcept;
  EventStream& operator=(EventStream&&) noexcept;
  ~EventStream();

  /// The head of the answer; its body is that of one that is no stream, an error for instance.
  HttpResponse const& response() const noexcept { return response_; }
  /// The events since the last call, without the comments in between. Throws Failure if what has come is
  /// none.
  std::vector<http::ServerSentEvent> take();
  /// The stream has ended.
  bool ended();
  /// Leaves.
  void close();

 private:
  void read();

  std::shared_ptr<Network> network_;
  core::MemoryClient connection_;
  std::unique_ptr<ResponseReader> reader_;
  HttpResponse response_;
  std::string text_;  // of which no event was made yet
  bool ended_ = false;
};

/// Each request has a connection of its own. All of these throw Failure if the application does not answer at
/// the present time.
class AERIE_API HttpClient {
 public:
  /// For the framework; callers use `Application::http`.
  HttpClient(std::shared_ptr<Network> network, std::optional<std::uint16_t> port)
      : network_(std::move(network)), port_(port) {}

  /// Sends a GET request.
  HttpResponse get(std::string_view path, Headers headers = {}) const {
    return request("GET", path, {}, std::move(headers));
  }
  /// Sends a DELETE request.
  HttpResponse del(std::string_view path, Headers headers = {}) const {
    return request("DELETE", path, {}, std::move(headers));
  }
  /// `body` is sent as JSON: a described type, a Value ...
  HttpResponse post(std::string_view path, EncodableRef body, Headers headers = {}) const {
    return send_json("POST", path, body, std::move(headers));
  }
  /// As `post`, with PUT.
  HttpResponse put(std::string_view path, EncodableRef body, Headers headers = {}) const {
    return send_json("PUT", path, body, std::move(headers));
  }
  /// As `post`, with PATCH.
  HttpResponse patch(std::string_view path, EncodableRef body, Headers headers = {}) const {
    return send_json("PATCH", path, body, std::move(headers));
  }
  /// A form as `multipart/form-data`.
  HttpResponse post_form(std::string_view path, std::vector<FormPart> const& parts,
                         Headers headers = {}) const;
  /// Listens to a route of server-sent events.
  EventStream events(std::string_view path, Headers headers = {}) const;
  /// Any request; `body` is sent as it is.
  HttpResponse request(std::string_view method, std::string_view path, std::string_view body,
                       Headers headers = {}) const;

 private:
  HttpResponse send_json(std::string_view method, std::string_view path, EncodableRef body,
                         Headers headers) const;

  std::shared_ptr<Network> network_;
  std::optional<std::uint16_t> port_;
};

}}}  // namespace aerie::v1::testing
