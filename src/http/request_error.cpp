#include "http/request_error.hpp"

namespace aerie { inline namespace v1 { namespace http {

int status_of(RequestError error) noexcept {
  switch (error) {
    case RequestError::method_unknown:
    case RequestError::connect:
      return 501;
    case RequestError::version:
      return 505;
    case RequestError::head_too_large:
    case RequestError::too_many_headers:
      return 431;
    case RequestError::chunk_overhead:
      return 413;
    case RequestError::content_encoding:
      return 415;
    case RequestError::expectation:
      return 417;
    case RequestError::head_late:
    case RequestError::body_late:
      return 408;
    default:
      return 400;
  }
}

std::string_view to_string(RequestError error) noexcept {
  switch (error) {
    case RequestError::none:
      return "no error";
    case RequestError::request_line:
      return "the request line is not \"method target version\" with one space between each";
    case RequestError::method_case:
      return "methods are written in capital letters";
    case RequestError::method_unknown:
      return "the method is not known";
    case RequestError::connect:
      return "this server is no proxy";
    case RequestError::target:
      return "the request target is neither a path nor an http address, or has characters that must be "
             "escaped";
    case RequestError::version_syntax:
      return "the version is not HTTP/1.1 or HTTP/1.0";
    case RequestError::version:
      return "only HTTP/1.1 and HTTP/1.0 are spoken here";
    case RequestError::bare_line_feed:
      return "a line ends with a line feed alone";
    case RequestError::bare_carriage_return:
      return "a carriage return is not followed by a line feed";
    case RequestError::control_character:
      return "a header has a control character";
    case RequestError::folded_header:
      return "a header is folded over several lines";
    case RequestError::header_name:
      return "a header name is empty, has characters that are not allowed, or has a space before the colon";
    case RequestError::header_value:
      return "a header value is malformed";
    case RequestError::host_missing:
      return "the Host header is missing";
    case RequestError::host_repeated:
      return "there is more than one Host header";
    case RequestError::host_invalid:
      return "the Host header is not a host with an optional port";
    case RequestError::host_mismatch:
      return "the request target names another host than the Host header";
    case RequestError::length_invalid:
      return "Content-Length is not a decimal number of bytes";
    case RequestError::length_repeated:
      return "there is more than one Content-Length";
    case RequestError::length_and_encoding:
      return "there are both Content-Length and Transfer-Encoding";
    case RequestError::transfer_encoding:
      return "Transfer-Encoding is not exactly \"chunked\"";
    case RequestError::transfer_encoding_http_1_0:
      return "HTTP/1.0 has no Transfer-Encoding";
    case RequestError::content_encoding:
      return "request bodies must not be compressed";
    case RequestError::expectation:
      return "the only expectation known is 100-continue";
    case RequestError::head_too_large:
      return "request line and headers are too large";
    case RequestError::too_many_headers:
      return "there are too many headers";
    case RequestError::chunk_size:
      return "a chunk size is not a hexadecimal number of at most 16 digits";
    case RequestError::chunk_extension:
      return "a chunk's extension is not a name, or a name and a value";
    case RequestError::chunk_end:
      return "a chunk does not end where its size says";
    case RequestError::chunk_overhead:
      return "chunk extensions and trailers are too large";
    case RequestError::head_late:
      return "the request's head took too long to arrive";
    case RequestError::body_late:
      return "the request's body took too long to arrive";
  }
  return "unknown error";
}

}}}  // namespace aerie::v1::http
