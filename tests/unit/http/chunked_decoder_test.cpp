#include "http/chunked_decoder.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace aerie::http { namespace {

struct Result {
  std::string body;
  std::string rest;
  RequestError error = RequestError::none;
  bool done = false;
};

Result decode(std::vector<std::string> const& pieces) {
  ChunkedDecoder decoder;
  Result result;
  for (auto const& piece : pieces) {
    std::string_view input = piece;
    while (true) {
      auto const step = decoder.next(input);
      result.body.append(step.data);
      if (step.status == ChunkedDecoder::Status::data) continue;
      result.done = step.status == ChunkedDecoder::Status::done;
      result.error = decoder.error();
      result.rest = input;
      break;
    }
    if (result.done || result.error != RequestError::none) break;
  }
  return result;
}

std::vector<std::string> bytes_of(std::string const& text) {
  std::vector<std::string> pieces;
  for (char const c : text)
    pieces.emplace_back(1, c);
  return pieces;
}

TEST(ChunkedDecoder, JoinsChunksHoweverTheyArrive) {
  std::string const text =
      "5;a; b\t= c ;d=\"q;\\\"\"\r\nhello\r\n0A;name=value\r\n, world!!!\r\n000\r\nTrailer: ignored\r\n\r\n";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    auto const result = decode({text.substr(0, cut), text.substr(cut) + "GET /"});
    EXPECT_TRUE(result.done) << cut;
    EXPECT_EQ(result.body, "hello, world!!!") << cut;
    EXPECT_EQ(result.rest, cut == text.size() ? "" : "GET /") << cut;
  }
  EXPECT_EQ(decode(bytes_of(text)).body, "hello, world!!!");
}

TEST(ChunkedDecoder, RefusesBrokenFraming) {
  struct Case {
    std::string text;
    RequestError error;
  };
  std::vector<Case> const cases{
      {"0x1\r\n", RequestError::chunk_size},
      {"-1\r\n", RequestError::chunk_size},
      {"+1\r\n", RequestError::chunk_size},
      {" 1\r\n", RequestError::chunk_size},
      {"1 \r\n", RequestError::chunk_size},
      {"1_0\r\n", RequestError::chunk_size},
      {"\r\n", RequestError::chunk_size},
      {"g\r\n", RequestError::chunk_size},
      {";a\r\n", RequestError::chunk_size},
      {"00000000000000001\r\n", RequestError::chunk_size},
      {"1\na\r\n", RequestError::chunk_size},
      {"1\ra", RequestError::chunk_end},
      {"1;a\nb\r\n", RequestError::control_character},
      {"1;\r\n", RequestError::chunk_extension},
      {"1; \r\n", RequestError::chunk_extension},
      {"1;;a\r\n", RequestError::chunk_extension},
      {"1;a[=b\r\n", RequestError::chunk_extension},
      {"1;a=\r\n", RequestError::chunk_extension},
      {"1;a=b=c\r\n", RequestError::chunk_extension},
      {"1;a b\r\n", RequestError::chunk_extension},
      {"1;a=\"b\r\n", RequestError::chunk_extension},
      {"1;a=\"b\\\r\n", RequestError::chunk_extension},
      {"1;a=\"b\"c\r\n", RequestError::chunk_extension},
      {"1;a\rX\r\n", RequestError::chunk_end},
      {"1\r\nab", RequestError::chunk_end},
      {"1\r\na\n", RequestError::chunk_end},
      {"1\r\na\rx", RequestError::chunk_end},
      {"0\r\n\rx", RequestError::chunk_end},
      {"0\r\nA: b\n", RequestError::control_character},
      {"0\r\nA: b\rx", RequestError::chunk_end},
      {"1;" + std::string(64 * 1024, 'x'), RequestError::chunk_overhead},
      {"0\r\nA: " + std::string(64 * 1024, 'x'), RequestError::chunk_overhead},
  };
  for (auto const& [text, error] : cases) {
    EXPECT_EQ(to_string(decode({text}).error), to_string(error)) << text.substr(0, 50);
    EXPECT_EQ(to_string(decode(bytes_of(text)).error), to_string(error)) << text.substr(0, 50);
  }
}

TEST(ChunkedDecoder, CountsExtensionsOfAllChunksTogether) {
  std::string text;
  for (int i = 0; i < 20; ++i)
    text.append("1;").append(1024, 'x').append("\r\na\r\n");
  EXPECT_EQ(decode({text}).error, RequestError::chunk_overhead);
}

TEST(ChunkedDecoder, WaitsForTheEnd) {
  std::string const text = "1\r\na\r\n0\r\n\r\n";
  for (std::size_t size = 0; size < text.size(); ++size) {
    auto const result = decode({text.substr(0, size)});
    EXPECT_FALSE(result.done) << size;
    EXPECT_EQ(result.error, RequestError::none) << size;
  }
}

}}  // namespace aerie::http
