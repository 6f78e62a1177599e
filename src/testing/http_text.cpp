#include "testing/http_text.hpp"

#include <aerie/core/log.hpp>
#include <aerie/http/request_head.hpp>
#include <aerie/testing/failure.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace aerie { inline namespace v1 { namespace testing {

namespace {

bool has(Headers const& headers, std::string_view name) {
  return std::ranges::any_of(headers,
                             [&](auto const& each) { return http::equal_ignoring_case(each.first, name); });
}

http::ResponseLimits no_limits() {
  constexpr auto unbounded = std::numeric_limits<std::uint32_t>::max();
  return {.max_head_bytes = unbounded, .max_header_lines = unbounded, .max_body_bytes = unbounded};
}

}  // namespace

std::string to_text(HttpRequest const& request) {
  auto text = core::concat(request.method, " ", request.target, " HTTP/1.1\r\n");
  if (!has(request.headers, "host")) text += "Host: localhost\r\n";
  for (auto const& [name, value] : request.headers)
    text += core::concat(name, ": ", value, "\r\n");
  auto const wants_length = !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
                            request.method == "PATCH";
  if (wants_length && !has(request.headers, "content-length")) {
    text += core::concat("Content-Length: ", std::to_string(request.body.size()), "\r\n");
  }
  return text.append("\r\n").append(request.body);
}

ResponseReader::ResponseReader(std::string_view method) : decoder_(no_limits()) {
  decoder_.begin(method == "HEAD");
}

bool ResponseReader::read(std::string_view& bytes) {
  using Status = http::ResponseDecoder::Status;
  while (!complete_) {
    auto const step = decoder_.next(bytes);
    if (step.status == Status::more) return false;
    if (step.status == Status::failed)
      throw Failure(core::concat("aerie: the application's response ", decoder_.error()));
    if (step.status == Status::head) {
      response_.status = decoder_.head().status;
      response_.headers = decoder_.head().headers;
    }
    if (step.status == Status::data) response_.body += step.data;
    complete_ = step.status == Status::complete;
  }
  return true;
}

bool ResponseReader::end_of_input() {
  return complete_ = complete_ || decoder_.end_of_input();
}

}}}  // namespace aerie::v1::testing
