#include "testing/http_text.hpp"
#include "testing/network.hpp"

#include <aerie/core/log.hpp>
#include <aerie/http/request_head.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/testing/failure.hpp>
#include <aerie/testing/http_client.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace testing {

std::string_view HttpResponse::header(std::string_view name) const noexcept {
  for (auto const& [each, value] : headers) {
    if (http::equal_ignoring_case(each, name)) return value;
  }
  return {};
}

Value HttpResponse::json() const {
  Value value;
  if (auto const result = json::parse(body, value); !result) {
    throw Failure(core::concat("aerie: the answer (status ", std::to_string(status),
                               ") is not JSON: ", result.error().to_string(), ": ", body));
  }
  return value;
}

HttpResponse HttpClient::request(std::string_view method, std::string_view path, std::string_view body,
                                 Headers headers) const {
  auto connection = network_->connect(port_);
  connection.write(to_text({.method = method, .target = path, .headers = std::move(headers), .body = body}));
  network_->run();
  auto const received = connection.take();
  std::string_view bytes = received;
  ResponseReader reader(method);
  if (reader.read(bytes) || (connection.ended() && reader.end_of_input()))
    return std::move(reader.response());
  throw Failure(core::concat("aerie: ", method, " ", path, " has ",
                             connection.ended() ? "been answered by the end of the connection"
                                                : "not been answered: its handler waits for something"));
}

HttpResponse HttpClient::post_form(std::string_view path, std::vector<FormPart> const& parts,
                                   Headers headers) const {
  static constexpr std::string_view boundary = "aerie-testing-7d1f3b";
  std::string body;
  for (auto const& part : parts) {
    body += core::concat("--", boundary, "\r\nContent-Disposition: form-data; name=\"", part.name, "\"");
    if (part.file_name)
      body += core::concat("; filename=\"", *part.file_name, "\"\r\nContent-Type: ", part.type);
    body += core::concat("\r\n\r\n", part.content, "\r\n");
  }
  body += core::concat("--", boundary, "--\r\n");
  headers.emplace_back("Content-Type", core::concat("multipart/form-data; boundary=", boundary));
  return request("POST", path, body, std::move(headers));
}

EventStream HttpClient::events(std::string_view path, Headers headers) const {
  auto connection = network_->connect(port_);
  headers.emplace_back("Accept", "text/event-stream");
  connection.write(to_text({.method = "GET", .target = path, .headers = std::move(headers)}));
  return {network_, std::move(connection)};
}

HttpResponse HttpClient::send_json(std::string_view method, std::string_view path, EncodableRef body,
                                   Headers headers) const {
  headers.emplace_back("Content-Type", "application/json");
  return request(method, path, json::stringify(body), std::move(headers));
}

}}}  // namespace aerie::v1::testing
