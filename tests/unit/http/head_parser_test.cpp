#include "http/head_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace aerie::http { namespace {

struct Parsed {
  HeadParser::Status status = HeadParser::Status::incomplete;
  RequestError error = RequestError::none;
  std::size_t size = 0;
};

Parsed parse_whole(std::string_view text, HeadLimits limits = {}) {
  HeadParser parser(limits);
  auto const status = parser.parse(text);
  return {status, parser.error(), parser.size()};
}

/// The text cut in two at `cut`.
Parsed parse_in_two(std::string_view text, std::size_t cut) {
  HeadParser parser(HeadLimits{});
  auto status = parser.parse(text.substr(0, cut));
  if (status == HeadParser::Status::incomplete) status = parser.parse(text);
  return {status, parser.error(), parser.size()};
}

Parsed parse_bytewise(std::string_view text) {
  HeadParser parser(HeadLimits{});
  auto status = HeadParser::Status::incomplete;
  for (std::size_t size = 0; size <= text.size() && status == HeadParser::Status::incomplete; ++size) {
    status = parser.parse(text.substr(0, size));
  }
  return {status, parser.error(), parser.size()};
}

std::string with(std::string_view headers) {
  return std::string("GET / HTTP/1.1\r\nHost: example.com\r\n").append(headers).append("\r\n");
}

struct Refused {
  std::string text;
  RequestError error;
};

std::vector<Refused> const refused{
    // Request line.
    {"GET /\r\n", RequestError::request_line},
    {"GET / \r\n\r\n", RequestError::version_syntax},
    {"GET\t/ HTTP/1.1\r\n", RequestError::request_line},
    {"GET  / HTTP/1.1\r\n", RequestError::request_line},
    {"GET /  HTTP/1.1\r\n", RequestError::version_syntax},
    {"GET /\tHTTP/1.1\r\n", RequestError::target},
    {" GET / HTTP/1.1\r\n", RequestError::request_line},
    {"GET / HTTP/1.a\r\n", RequestError::version_syntax},
    {"GET / HTTP/01.1\r\n", RequestError::version_syntax},
    {"GET / HTTP/1.10\r\n", RequestError::version_syntax},
    {"GET / http/1.1\r\n", RequestError::version_syntax},
    {"GET / HTTP/1.1 \r\n", RequestError::version_syntax},
    {"GET / HTTP/2.0\r\n", RequestError::version},
    {"GET / HTTP/1.2\r\n", RequestError::version},
    {"GET / HTTP/0.9\r\n", RequestError::version},
    {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", RequestError::version},
    {"get / HTTP/1.1\r\n", RequestError::method_case},
    {"Get / HTTP/1.1\r\n", RequestError::method_case},
    {"BREW / HTTP/1.1\r\n", RequestError::method_unknown},
    {std::string(64 * 1024, 'A'), RequestError::method_unknown},
    {std::string(40, 'A') + " / HTTP/1.1\rX", RequestError::method_unknown},
    {"CONNECT example.com:80 HTTP/1.1\r\n", RequestError::connect},
    {"G(T / HTTP/1.1\r\n", RequestError::request_line},
    {std::string("\0\x01GET / HTTP/1.1\r\n", 18), RequestError::request_line},
    {"\x16\x03\x01\x02garbage", RequestError::request_line},
    {"\r\n\r\nGET / HTTP/1.1\r\n", RequestError::request_line},
    {"\nGET / HTTP/1.1\r\n", RequestError::request_line},
    // Target.
    {"GET * HTTP/1.1\r\n", RequestError::target},
    {"GET index.html HTTP/1.1\r\n", RequestError::target},
    {"GET ftp://example.com/ HTTP/1.1\r\n", RequestError::target},
    {"GET http:///path HTTP/1.1\r\n", RequestError::target},
    {"GET http://user@example.com/ HTTP/1.1\r\n", RequestError::target},
    {"GET /a#b HTTP/1.1\r\n", RequestError::target},
    {"GET /\x7f HTTP/1.1\r\n", RequestError::target},
    {std::string("GET /a\0b HTTP/1.1\r\n", 19), RequestError::target},
    {"GET /\xc3\xa4 HTTP/1.1\r\n", RequestError::target},
    {"GET http://a.example/ HTTP/1.1\r\nHost: b.example\r\n\r\n", RequestError::host_mismatch},
    // Lines.
    {"GET / HTTP/1.1\nHost: a\n\n", RequestError::bare_line_feed},
    {"GET / HTTP/1.1\r\nHost: a\n", RequestError::bare_line_feed},
    {"GET / HTTP/1.1\r\nHost: a\r\n\n", RequestError::bare_line_feed},
    {"GET / HTTP/1.1\rHost: a\r\n\r\n", RequestError::bare_carriage_return},
    {with("X: a\rb\r\n"), RequestError::bare_carriage_return},
    {"GET / HTTP/1.1\r\nHost: a\r\n\rX", RequestError::bare_carriage_return},
    {with("X: a\r\n b\r\n"), RequestError::folded_header},
    {with("X: a\r\n\tb\r\n"), RequestError::folded_header},
    {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", RequestError::folded_header},
    {with("X : a\r\n"), RequestError::header_name},
    {with("X\t: a\r\n"), RequestError::header_name},
    {with(": a\r\n"), RequestError::header_name},
    {with("X\r\n"), RequestError::header_name},
    {with("X Y: a\r\n"), RequestError::header_name},
    {with("\xc3\xa4: a\r\n"), RequestError::header_name},
    {with("X(: a\r\n"), RequestError::header_name},
    {with(std::string("X\0: a\r\n", 7)), RequestError::header_name},
    {with(std::string("X: a\0b\r\n", 8)), RequestError::control_character},
    {with("X: a\x01\r\n"), RequestError::control_character},
    {with("X: a\x0b\r\n"), RequestError::control_character},
    {with("X: a\x7f\r\n"), RequestError::control_character},
    {with("X: a long enough value for sixteen bytes at once \x1f and more\r\n"),
     RequestError::control_character},
    // Host.
    {"GET / HTTP/1.1\r\n\r\n", RequestError::host_missing},
    {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", RequestError::host_repeated},
    {"GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", RequestError::host_repeated},
    {"GET / HTTP/1.1\r\nHost:\r\n\r\n", RequestError::host_invalid},
    {"GET / HTTP/1.1\r\nHost: user@a\r\n\r\n", RequestError::host_invalid},
    {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", RequestError::host_invalid},
    {"GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", RequestError::host_invalid},
    {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", RequestError::host_invalid},
    {"GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", RequestError::host_invalid},
    {"GET / HTTP/1.1\r\nHost: :80\r\n\r\n", RequestError::host_invalid},
    {"GET / HTTP/1.1\r\nHost: a:123456\r\n\r\n", RequestError::host_invalid},
    {"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", RequestError::host_invalid},
    {"GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n", RequestError::host_invalid},
    // Length.
    {with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), RequestError::length_and_encoding},
    {with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), RequestError::length_and_encoding},
    {with("Content-Length: 5\r\nContent-Length: 6\r\n"), RequestError::length_repeated},
    {with("Content-Length: 5\r\nContent-Length: 5\r\n"), RequestError::length_repeated},
    {with("Content-Length: 5,5\r\n"), RequestError::length_invalid},
    {with("Content-Length: -1\r\n"), RequestError::length_invalid},
    {with("Content-Length: +5\r\n"), RequestError::length_invalid},
    {with("Content-Length: 0x5\r\n"), RequestError::length_invalid},
    {with("Content-Length: 5 \r\n"), RequestError::length_invalid},
    {with("Content-Length:  5\r\n"), RequestError::length_invalid},
    {with("Content-Length:\r\n"), RequestError::length_invalid},
    {with("Content-Length: 1_0\r\n"), RequestError::length_invalid},
    {with("Content-Length: 5 5\r\n"), RequestError::length_invalid},
    {with("Content-Length: " + std::string(400, '0') + "5\r\n"), RequestError::length_invalid},
    {with("Content-Length: 18446744073709551616\r\n"), RequestError::length_invalid},
    // Transfer-Encoding.
    {with("Transfer-Encoding: xchunked\r\n"), RequestError::transfer_encoding},
    {with("Transfer-Encoding: chunked, identity\r\n"), RequestError::transfer_encoding},
    {with("Transfer-Encoding: chunked, chunked\r\n"), RequestError::transfer_encoding},
    {with("Transfer-Encoding: ,chunked\r\n"), RequestError::transfer_encoding},
    {with("Transfer-Encoding: chunked;a=b\r\n"), RequestError::transfer_encoding},
    {with("Transfer-Encoding: identity\r\n"), RequestError::transfer_encoding},
    {with("Transfer-Encoding: gzip\r\n"), RequestError::transfer_encoding},
    {with("Transfer-Encoding:\r\n"), RequestError::transfer_encoding},
    {with("Transfer-Encoding: chunked \r\n"), RequestError::transfer_encoding},
    {with("Transfer-Encoding:\tchunked\r\n"), RequestError::transfer_encoding},
    {with("Transfer-Encoding: chunked\x0b\r\n"), RequestError::control_character},
    {with("Transfer-Encoding:\r\n chunked\r\n"), RequestError::transfer_encoding},
    {with("Transfer-Encoding : chunked\r\n"), RequestError::header_name},
    {with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), RequestError::transfer_encoding},
    {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", RequestError::transfer_encoding_http_1_0},
    // What is not done.
    {with("Expect: foo\r\n"), RequestError::expectation},
    {with("Content-Encoding: gzip\r\n"), RequestError::content_encoding},
    // Size.
    {with("X: " + std::string(17 * 1024, 'x') + "\r\n"), RequestError::head_too_large},
    {"GET /" + std::string(17 * 1024, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", RequestError::head_too_large},
};

TEST(HeadParser, RefusesWhatTwoServersCouldReadDifferently) {
  for (auto const& [text, error] : refused) {
    auto const result = parse_whole(text);
    EXPECT_EQ(result.status, HeadParser::Status::failed) << text.substr(0, 100);
    EXPECT_EQ(to_string(result.error), to_string(error)) << text.substr(0, 100);
  }
}

TEST(HeadParser, FindsTheSameErrorHoweverTheTextIsCut) {
  for (auto const& [text, error] : refused) {
    if (text.size() > 1000) continue;
    EXPECT_EQ(to_string(parse_bytewise(text).error), to_string(error)) << text;
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      EXPECT_EQ(to_string(parse_in_two(text, cut).error), to_string(error)) << text << " cut at " << cut;
    }
  }
}

TEST(HeadParser, AnswersEachErrorWithItsStatus) {
  EXPECT_EQ(status_of(RequestError::length_and_encoding), 400);
  EXPECT_EQ(status_of(RequestError::version), 505);
  EXPECT_EQ(status_of(RequestError::method_case), 400);
  EXPECT_EQ(status_of(RequestError::method_unknown), 501);
  EXPECT_EQ(status_of(RequestError::head_too_large), 431);
  EXPECT_EQ(status_of(RequestError::too_many_headers), 431);
  EXPECT_EQ(status_of(RequestError::expectation), 417);
  EXPECT_EQ(status_of(RequestError::content_encoding), 415);
}

std::vector<std::string> const accepted{
    "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n",
    "GET / HTTP/1.0\r\n\r\n",
    "\r\nGET / HTTP/1.1\r\nHost: example.com\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: example.com\r\n\r\n",
    "GET http://example.com/a?b HTTP/1.1\r\nHost: EXAMPLE.com\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: [::1]:3000\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n\r\n",
    "GET / HTTP/1.1\r\nhost:example.com\r\nX:\r\nY: \t caf\xc3\xa9 \t \r\n\r\n",
    "POST /a?b=c HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\nExpect: 100-Continue\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: identity\r\nContent-Length:0\r\n\r\n",
};

TEST(HeadParser, AcceptsGoodHeadsHoweverTheyAreCut) {
  for (auto const& text : accepted) {
    // What follows belongs to the body, or to the next request.
    auto const longer = text + "GET /";
    for (std::size_t cut = 0; cut <= longer.size(); ++cut) {
      auto const result = parse_in_two(longer, cut);
      EXPECT_EQ(result.status, HeadParser::Status::complete) << text << to_string(result.error);
      EXPECT_EQ(result.size, text.size()) << text << " cut at " << cut;
    }
    EXPECT_EQ(parse_bytewise(text).size, text.size()) << text;
    for (std::size_t size = 0; size < text.size(); ++size) {
      EXPECT_EQ(parse_whole(text.substr(0, size)).status, HeadParser::Status::incomplete) << text << size;
    }
  }
}

TEST(HeadParser, CountsHeaderLines) {
  auto const lines = [](int count) {
    std::string headers;
    for (int i = 1; i < count; ++i)
      headers.append("X: y\r\n");
    return with(headers);
  };
  EXPECT_EQ(parse_whole(lines(100)).status, HeadParser::Status::complete);
  EXPECT_EQ(parse_whole(lines(101)).error, RequestError::too_many_headers);
  EXPECT_EQ(parse_whole(lines(2500)).error, RequestError::too_many_headers);
  EXPECT_EQ(parse_whole(lines(20), {.max_lines = 19}).error, RequestError::too_many_headers);
}

TEST(HeadParser, TakesAHeadOfExactlyTheLimit) {
  auto const text = with("X: " + std::string(100, 'x') + "\r\n");
  EXPECT_EQ(parse_whole(text, {.max_bytes = text.size()}).status, HeadParser::Status::complete);
  EXPECT_EQ(parse_whole(text, {.max_bytes = text.size() - 1}).error, RequestError::head_too_large);
  // It does not wait for the end of what is too long already.
  EXPECT_EQ(parse_whole(text.substr(0, 90), {.max_bytes = 90}).error, RequestError::head_too_large);
}

TEST(HeadParser, ReportsTheBodyAndTheConnection) {
  HeadParser parser(HeadLimits{});
  ASSERT_EQ(parser.parse(with("Content-Length: 42\r\nExpect: 100-continue\r\n")),
            HeadParser::Status::complete);
  EXPECT_EQ(parser.facts().content_length(), 42U);
  EXPECT_FALSE(parser.facts().chunked());
  EXPECT_TRUE(parser.facts().expects_continue());
  parser.reset();
  ASSERT_EQ(parser.parse(with("Transfer-Encoding: chunked\r\n")), HeadParser::Status::complete);
  EXPECT_TRUE(parser.facts().chunked());
  EXPECT_FALSE(parser.facts().expects_continue());
}

}}  // namespace aerie::http
