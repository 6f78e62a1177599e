#include <aerie/http/response_decoder.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace http {

namespace {

using Status = ResponseDecoder::Status;

struct Read {
  Status status = Status::more;
  int code = 0;
  std::string body;
  std::string error;
  std::size_t left = 0;
};

/// Reads `text` in pieces of `piece` bytes.
Read read_response(std::string_view text, std::size_t piece, ResponseLimits const& limits = {},
                   bool to_head = false) {
  ResponseDecoder decoder(limits);
  decoder.begin(to_head);
  Read read;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    auto input = text.substr(at, piece);
    while (true) {
      auto const step = decoder.next(input);
      read.status = step.status;
      read.code = decoder.head().status;
      read.body += step.data;
      read.error = decoder.error();
      if (step.status == Status::more) break;
      if (step.status == Status::failed) return read;
      if (step.status == Status::complete) {
        read.left = input.size() + text.size() - std::min(text.size(), at + piece);
        return read;
      }
    }
  }
  if (decoder.end_of_input()) read.status = Status::complete;
  return read;
}

}  // namespace

TEST(ResponseDecoder, ReadsEachKindOfBodyHoweverItIsCut) {
  struct Case {
    std::string_view text;
    std::string_view body;
    std::size_t left;
  };
  for (auto const& [text, body, left] : std::vector<Case>{
           {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", 0},
           {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP", "hello", 4},
           {"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "", 0},
           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", "hello",
            0},
           {"HTTP/1.1 200\r\n\r\nto the end", "to the end", 0},
           {"HTTP/1.0 200 OK\r\n\r\n", "", 0},
           {"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", "", 0},
           {"HTTP/1.1 304 Not Modified\r\n\r\n", "", 0},
           {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\x81\x01", "", 2},
           {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n"
            "Content-Length: 2\r\n\r\nok",
            "ok", 0},
       }) {
    for (std::size_t const piece : {std::size_t{1}, std::size_t{7}, text.size()}) {
      auto const read = read_response(text, piece);
      EXPECT_EQ(read.status, Status::complete) << text << read.error;
      EXPECT_EQ(read.body, body) << text;
      EXPECT_EQ(read.left, left) << text;
    }
  }
}

TEST(ResponseDecoder, RefusesWhatTwoReadersCouldReadDifferently) {
  for (std::string_view const text : {
           "HTTP/2.0 200 OK\r\n\r\n",
           "HTTP/1.1 20 OK\r\n\r\n",
           "HTTP/1.1 2000 OK\r\n\r\n",
           "HTTP/1.1 099 OK\r\n\r\n",
           "http/1.1 200 OK\r\n\r\n",
           "SSH-2.0-OpenSSH\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n",
           "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
           "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
           "HTTP/1.1 200 OK\r\nA b\r\n\r\n",
           "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
           "HTTP/1.1 200 OK\r\nA: b\nC: d\r\n\r\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
       }) {
    for (std::size_t const piece : {std::size_t{1}, text.size()}) {
      auto const read = read_response(text, piece);
      EXPECT_EQ(read.status, Status::failed) << text;
      EXPECT_FALSE(read.error.empty()) << text;
    }
  }
}

TEST(ResponseDecoder, BoundsWhatAServerSendsWithoutAnEnd) {
  ResponseLimits const limits{.max_head_bytes = 1000, .max_header_lines = 10, .max_body_bytes = 1000};
  std::string interim;
  for (int i = 0; i < 100; ++i)
    interim += "HTTP/1.1 100 Continue\r\n\r\n";
  std::string lines = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 11; ++i)
    lines += "A: b\r\n";
  std::string chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 200; ++i)
    chunks += "a\r\n0123456789\r\n";
  for (auto const& text : {
           interim,
           lines + "\r\n",
           chunks,
           "HTTP/1.1 200 OK\r\nA: " + std::string(2000, 'x'),
           std::string("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n"),
           "HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'x'),
       }) {
    for (std::size_t const piece : {std::size_t{1}, text.size()})
      EXPECT_EQ(read_response(text, piece, limits).status, Status::failed) << text.substr(0, 60);
  }
}

TEST(ResponseDecoder, AResponseThatIsCutOffIsNotComplete) {
  for (std::string_view const text :
       {"HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"})
    EXPECT_EQ(read_response(text, text.size()).status, Status::more) << text;
}

TEST(ResponseDecoder, AHeadRequestIsAnsweredWithoutABody) {
  EXPECT_EQ(read_response("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 1, {}, true).status,
            Status::complete);
}

TEST(ResponseDecoder, TellsWhetherTheConnectionGoesOn) {
  struct Case {
    std::string_view text;
    bool keep_alive;
  };
  for (auto const& [text, keep_alive] : std::vector<Case>{
           {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true},
           {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", false},
           {"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false},
           {"HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n", true},
           {"HTTP/1.1 200 OK\r\n\r\n", false},
       }) {
    ResponseDecoder decoder;
    auto input = text;
    EXPECT_EQ(decoder.next(input).status, Status::head);
    EXPECT_EQ(decoder.head().keep_alive, keep_alive) << text;
  }
}

}}}  // namespace aerie::v1::http
