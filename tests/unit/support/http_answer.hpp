#pragma once

/// \file
/// HTTP as a client of a test sees it: requests written by hand, answers taken apart.

#include <charconv>
#include <string>
#include <string_view>

namespace aerie::test {

/// An answer; its status is 0 if nothing whole has come yet.
struct Answer {
  int status = 0;
  std::string head{};
  std::string body{};

  std::string header(std::string_view name) const {
    auto const begin = head.find("\r\n" + std::string(name) + ": ");
    if (begin == std::string::npos) return "";
    auto const value = begin + name.size() + 4;
    return head.substr(value, head.find("\r\n", value) - value);
  }
};

/// Takes the first whole answer off `bytes`.
inline Answer take_answer(std::string& bytes) {
  auto const end = bytes.find("\r\n\r\n");
  if (end == std::string::npos) return {};
  Answer answer{.head = bytes.substr(0, end + 2)};
  std::size_t length = 0;
  auto const length_text = answer.header("Content-Length");
  std::from_chars(length_text.data(), length_text.data() + length_text.size(), length);
  if (bytes.size() < end + 4 + length) return {};
  std::from_chars(bytes.data() + 9, bytes.data() + 12, answer.status);
  if (answer.header("Transfer-Encoding") == "chunked") {
    // The server sends one chunk and the last one, in one piece.
    std::string_view const last_chunk = "\r\n0\r\n\r\n";
    auto const begin = bytes.find("\r\n", end + 4) + 2;
    auto const end_of_body = bytes.find(last_chunk, begin);
    answer.body = bytes.substr(begin, end_of_body - begin);
    bytes.erase(0, end_of_body + last_chunk.size());
    return answer;
  }
  answer.body = bytes.substr(end + 4, length);
  bytes.erase(0, end + 4 + length);
  return answer;
}

inline std::string get_request(std::string_view target, std::string_view headers = "") {
  return std::string("GET ")
      .append(target)
      .append(" HTTP/1.1\r\nHost: test\r\n")
      .append(headers)
      .append("\r\n");
}

inline std::string post_request(std::string_view target, std::string_view body,
                                std::string_view content_type = "text/plain;charset=UTF-8") {
  return std::string("POST ")
      .append(target)
      .append(" HTTP/1.1\r\nHost: test\r\nContent-Type: ")
      .append(content_type)
      .append("\r\nContent-Length: ")
      .append(std::to_string(body.size()))
      .append("\r\n\r\n")
      .append(body);
}

}  // namespace aerie::test
