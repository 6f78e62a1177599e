#pragma once

/// \file
/// HTTP as clients write and read it.

#include <aerie/http/response_decoder.hpp>
#include <aerie/testing/http_client.hpp>

#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace testing {

struct HttpRequest {
  std::string_view method = "GET";
  std::string_view target = "/";
  Headers headers{};
  std::string_view body{};
};

std::string to_text(HttpRequest const& request);

/// Reads one answer, as it comes.
class ResponseReader {
 public:
  /// `method` is the request's.
  explicit ResponseReader(std::string_view method = "GET");

  /// Takes from the front of `bytes` what belongs to the answer; true if it is complete. Throws Failure for
  /// what is none.
  bool read(std::string_view& bytes);
  /// The connection has ended: true if the answer is complete by that.
  bool end_of_input();
  /// What has come of it so far: the status is 0 without a whole head.
  HttpResponse& response() noexcept { return response_; }

 private:
  http::ResponseDecoder decoder_;
  HttpResponse response_;
  bool complete_ = false;
};

}}}  // namespace aerie::v1::testing
