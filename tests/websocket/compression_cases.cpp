#include "websocket/case.hpp"

#include <aerie/websocket/deflate.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace aerie::websocket::cases {
namespace {

/// A size of messages, and of the frames that a compressed one is sent in.
struct Size {
  std::size_t message;
  std::size_t frame = std::numeric_limits<std::size_t>::max();
};

constexpr Size sizes[] = {{16},           {64},           {256},          {1024},       {4096},
                          {8192},         {16384},        {32768},        {65536},      {131072},
                          {8192, 256},    {16384, 256},   {32768, 256},   {65536, 256}, {131072, 256},
                          {131072, 1024}, {131072, 4096}, {131072, 32768}};

/// A thousand as in the suite, or as many as come to 192 KiB.
std::size_t count_of(std::size_t size) {
  constexpr std::size_t all = 1000;
  return at_full_size() ? all : std::clamp<std::size_t>(192 * 1024 / size, 2, all);
}

/// Pseudo-random, the same everywhere.
class Noise {
 public:
  std::uint32_t next() {
    state_ = state_ * 1664525U + 1013904223U;
    return state_ >> 8U;
  }

 private:
  std::uint32_t state_ = 12;
};

constexpr std::size_t document_size = 200'000;

constexpr std::string_view words[] = {"der", "Geist", "nur",  "Und",   "ewig",
                                      "wo",  "Welt",  "sich", "tiefe", "Nacht"};

template <class Append>
std::string document(Append append) {
  Noise noise;
  std::string out;
  while (out.size() < document_size)
    append(out, noise);
  out.resize(document_size);
  return out;
}

std::string json_document() {
  return document([](std::string& out, Noise& noise) {
    out.append(R"({"id":)").append(std::to_string(noise.next())).append(R"(,"name":")");
    out.append(words[noise.next() % std::size(words)]).append(R"(","tags":["a","b"],"active":true},)");
  });
}

std::string bitmap() {
  unsigned grey = 128;
  return document([&grey](std::string& out, Noise& noise) {
    grey = (grey + noise.next() % 7 - 3) & 0xFFU;
    out += static_cast<char>(grey);
  });
}

std::string prose() {
  return document([](std::string& out, Noise& noise) {
    out.append(words[noise.next() % std::size(words)]).append(noise.next() % 9 == 0 ? ",\r\n" : " ");
  });
}

std::string html_document() {
  return document([](std::string& out, Noise& noise) {
    out.append("<div class=\"row\"><a href=\"/").append(std::to_string(noise.next() % 1000)).append("\">");
    out.append(words[noise.next() % std::size(words)]).append("</a></div>\n");
  });
}

/// What is compressed already, as in most of a PDF.
std::string noise_document() {
  return document([](std::string& out, Noise& noise) { out += static_cast<char>(noise.next()); });
}

/// Each message begins where the one before has ended, and goes on at the front.
std::string slice(std::string const& document, std::size_t& at, std::size_t size) {
  std::string out;
  while (out.size() < size) {
    auto const part = document.substr(at, size - out.size());
    out += part;
    at = (at + part.size()) % document.size();
  }
  return out;
}

Script compressed(Role endpoint, std::string const& document, bool is_text, Size size,
                  DeflateParameters const& agreed) {
  Deflate compressor(endpoint == Role::server ? Role::client : Role::server, agreed, {.enabled = true});
  auto const first = 0xC0U | (is_text ? 1U : 2U);  // FIN and RSV1.
  Script script{.frames = {}, .sending = Sending::framewise, .deflate = agreed};
  std::size_t at = 0;
  for (auto left = count_of(size.message); left > 0; --left) {
    auto const message = slice(document, at, size.message);
    std::string payload;
    compressor.compress(message, payload);
    for (auto& each : fragments(first, payload, size.frame))
      script.frames.push_back(std::move(each));
    script.expected.push_back(is_text ? text(message) : binary(message));
  }
  return script;
}

using Document = std::string (*)();

/// What is agreed on with an endpoint of that role.
using Agree = std::function<DeflateParameters(Role endpoint)>;

void add_sizes(CaseList& list, std::string const& group, Document document, bool is_text,
               Agree const& agree) {
  std::size_t number = 0;
  for (auto const size : sizes) {
    list.add(numbered(group, ++number),
             [=](Role endpoint) { return compressed(endpoint, document(), is_text, size, agree(endpoint)); });
  }
}

/// A server answers the offer; a client is told the answer of a server that asks the same of it.
Agree agreement(std::string_view offer, DeflateParameters told) {
  return [=](Role endpoint) {
    if (endpoint == Role::client) return told;
    auto const answer = negotiate_extensions(offer, {.enabled = true});
    return answer.deflate.value();
  };
}

constexpr std::string_view plain_offer =
    "permessage-deflate; client_no_context_takeover; client_max_window_bits";

// 12: documents of five kinds.
void add_documents(CaseList& list) {
  auto const agree = agreement(plain_offer, {});
  add_sizes(list, "12.1", json_document, true, agree);
  add_sizes(list, "12.2", bitmap, false, agree);
  add_sizes(list, "12.3", prose, false, agree);
  add_sizes(list, "12.4", html_document, true, agree);
  add_sizes(list, "12.5", noise_document, false, agree);
}

// 13: what a peer may ask for: an empty window for each message, or a small one.
void add_parameters(CaseList& list) {
  struct Asked {
    std::string_view of_server;
    DeflateParameters of_client;
  };
  constexpr std::string_view several =
      "permessage-deflate; client_no_context_takeover; client_max_window_bits; server_no_context_takeover; "
      "server_max_window_bits=9, permessage-deflate; client_no_context_takeover; client_max_window_bits; "
      "server_no_context_takeover, permessage-deflate";
  Asked const rows[] = {
      {plain_offer, {}},
      {"permessage-deflate; client_max_window_bits; server_no_context_takeover",
       {.client_no_context_takeover = true}},
      {"permessage-deflate; client_max_window_bits; server_max_window_bits=9", {.client_max_window_bits = 9}},
      {"permessage-deflate; client_max_window_bits; server_max_window_bits=15", {}},
      {"permessage-deflate; client_max_window_bits; server_no_context_takeover; server_max_window_bits=9",
       {.client_max_window_bits = 9, .client_no_context_takeover = true}},
      {"permessage-deflate; client_max_window_bits; server_no_context_takeover; server_max_window_bits=15",
       {.client_no_context_takeover = true}},
      {several, {.client_max_window_bits = 9, .client_no_context_takeover = true}},
  };
  std::size_t group = 0;
  for (auto const& row : rows)
    add_sizes(list, numbered("13", ++group), json_document, true, agreement(row.of_server, row.of_client));
}

}  // namespace

void add_compression_cases(CaseList& list) {
  add_documents(list);
  add_parameters(list);
}

}  // namespace aerie::websocket::cases
