#include <aerie/websocket/deflate_options.hpp>

#include <gtest/gtest.h>

#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>

namespace aerie { inline namespace v1 { namespace websocket {

void PrintTo(DeflateParameters const& agreed, std::ostream* out) {
  std::string text;
  append_extension(text, agreed);
  *out << text;
}

}}}  // namespace aerie::v1::websocket

namespace {

using namespace std::string_literals;
using namespace aerie::websocket;

// The answer to an offer as a client sees it; "none" if the extension is not used, "400" for a refusal.
std::string answer(std::string_view header, DeflateOptions options = {}) {
  options.enabled = true;
  auto const [error, deflate] = negotiate_extensions(header, options);
  if (error != Error::none) return error == Error::bad_extensions && !deflate ? "400" : "wrong error";
  if (!deflate) return "none";
  std::string text;
  append_extension(text, *deflate);
  return text;
}

TEST(DeflateOptions, AcceptWhatClientsOffer) {
  EXPECT_EQ(answer(""), "none");
  EXPECT_EQ(answer("permessage-deflate"), "permessage-deflate");
  EXPECT_EQ(answer("permessage-deflate; client_max_window_bits"), "permessage-deflate");
  EXPECT_EQ(answer("permessage-deflate;client_max_window_bits=10;server_max_window_bits=\"9\""),
            "permessage-deflate; server_max_window_bits=9; client_max_window_bits=10");
  EXPECT_EQ(answer("permessage-deflate; client_max_window_bits=8"),
            "permessage-deflate; client_max_window_bits=8");
  EXPECT_EQ(answer("permessage-deflate; server_no_context_takeover; client_no_context_takeover"),
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
}

TEST(DeflateOptions, SkipExtensionsAndOffersThatDoNotFit) {
  EXPECT_EQ(answer("x-webkit-deflate-frame; no_context_takeover; a=\"b\" ,\tpermessage-deflate"),
            "permessage-deflate");
  EXPECT_EQ(answer("constructor, toString, __proto__"), "none");
  EXPECT_EQ(answer("permessage-deflate; server_max_window_bits=8"), "none");
  EXPECT_EQ(
      answer("permessage-deflate; server_max_window_bits=8, permessage-deflate; server_max_window_bits=15"),
      "permessage-deflate");
}

TEST(DeflateOptions, AskTheClientForOurLimits) {
  DeflateOptions const options{
      .server_max_window_bits = 11, .client_max_window_bits = 12, .server_no_context_takeover = true};
  EXPECT_EQ(
      answer("permessage-deflate; client_max_window_bits", options),
      "permessage-deflate; server_no_context_takeover; server_max_window_bits=11; client_max_window_bits=12");
  EXPECT_EQ(
      answer("permessage-deflate; client_max_window_bits=9; server_max_window_bits=10", options),
      "permessage-deflate; server_no_context_takeover; server_max_window_bits=10; client_max_window_bits=9");
  EXPECT_EQ(answer("permessage-deflate", options), "none") << "this client's window cannot be limited";
  EXPECT_EQ(answer("permessage-deflate", {.client_no_context_takeover = true}),
            "permessage-deflate; client_no_context_takeover");
}

TEST(DeflateOptions, RefuseHeadersThatBreakTheGrammar) {  // F34, GHSA-5v72-xg48-5rpm
  for (auto const& header : {
           ",;constructor"s,
           ","s,
           ";"s,
           " "s,
           "a,"s,
           "a,,b"s,
           "a;"s,
           "a;=b"s,
           "a;b="s,
           "a;b=\"\""s,
           "a;b=\"c"s,
           "a;b=\"c d\""s,
           "a;b=\"c\\d\""s,
           "a b"s,
           "a;b=c d"s,
           "a;b=c=d"s,
           "a(b)"s,
           "caf\xc3\xa9"s,
           "a\0b"s + '\0',
           "permessage-deflate; "s,
           "a\r\nb"s,
       })
    EXPECT_EQ(answer(header), "400") << header;
  EXPECT_EQ(answer(std::string(max_extensions_size, 'a')), "none");
  EXPECT_EQ(answer(std::string(16 * 1024, 'a')), "400");
}

TEST(DeflateOptions, RefuseParametersThatRfc7692DoesNotKnow) {  // F34
  for (auto const* parameters : {"server_max_window_bits=7",
                                 "server_max_window_bits=16",
                                 "server_max_window_bits=010",
                                 "server_max_window_bits=1",
                                 "server_max_window_bits=100",
                                 "server_max_window_bits=1a",
                                 "server_max_window_bits=-9",
                                 "server_max_window_bits=x",
                                 "server_max_window_bits",
                                 "client_max_window_bits=7",
                                 "client_max_window_bits=0",
                                 "client_max_window_bits=99999999999999999999",
                                 "server_no_context_takeover=1",
                                 "client_no_context_takeover=true",
                                 "unknown",
                                 "constructor",
                                 "server_no_context_takeover; server_no_context_takeover",
                                 "client_no_context_takeover; client_no_context_takeover",
                                 "client_max_window_bits; client_max_window_bits",
                                 "server_max_window_bits=10; server_max_window_bits=10",
                                 "Server_Max_Window_Bits=10"})
    EXPECT_EQ(answer("permessage-deflate; "s + parameters), "400") << parameters;
}

TEST(DeflateOptions, AreOffByDefaultButCheckTheHeader) {
  EXPECT_EQ(negotiate_extensions("permessage-deflate; client_max_window_bits", {}).deflate, std::nullopt);
  EXPECT_EQ(negotiate_extensions("permessage-deflate", {}).error, Error::none);
  EXPECT_EQ(negotiate_extensions(",;constructor", {}).error, Error::bad_extensions);
}

std::string complaint(DeflateOptions const& options) {
  try {
    check(options);
  } catch (std::invalid_argument const& error) {
    return error.what();
  }
  return "";
}

TEST(DeflateOptions, AnAnswerKeepsToWhatWasOffered) {
  struct Case {
    std::string answer;
    bool good;
    DeflateParameters agreed = {};
  };
  DeflateOptions const anything{.enabled = true};
  for (auto const& it : std::vector<Case>{
           {"permessage-deflate", true},
           {"permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            true,
            {.server_no_context_takeover = true, .client_no_context_takeover = true}},
           {"permessage-deflate; server_max_window_bits=10; client_max_window_bits=8",
            true,
            {.server_max_window_bits = 10, .client_max_window_bits = 8}},
           {"permessage-deflate;server_max_window_bits=\"9\"", true, {.server_max_window_bits = 9}},
           {"permessage-deflate, permessage-deflate", false},
           {"permessage-deflate; unknown", false},
           {"permessage-deflate; server_max_window_bits", false},
           {"permessage-deflate; client_max_window_bits=16", false},
           {"permessage-deflate; client_no_context_takeover; client_no_context_takeover", false},
           {"x-webkit-deflate-frame", false},
           {"permessage-bzip2", false},
           {",", false},
           {"permessage-deflate;" + std::string(max_extensions_size, ' '), false},
       }) {
    auto const result = accept_extensions(it.answer, anything);
    EXPECT_EQ(result.error, it.good ? Error::none : Error::bad_extensions) << it.answer;
    ASSERT_EQ(result.deflate.has_value(), it.good) << it.answer;
    if (it.good) {
      EXPECT_EQ(*result.deflate, it.agreed) << it.answer;
    }
  }
  EXPECT_EQ(accept_extensions("", anything).error, Error::none);
  EXPECT_EQ(accept_extensions("permessage-deflate", {}).error, Error::bad_extensions);
  DeflateOptions const small{.enabled = true,
                             .server_max_window_bits = 10,
                             .client_max_window_bits = 11,
                             .server_no_context_takeover = true};
  EXPECT_EQ(accept_extensions("permessage-deflate", small).error, Error::bad_extensions);
  EXPECT_EQ(accept_extensions("permessage-deflate; server_no_context_takeover", small).error,
            Error::bad_extensions);
  auto const kept =
      accept_extensions("permessage-deflate; server_no_context_takeover; server_max_window_bits=10", small);
  ASSERT_TRUE(kept.deflate);
  EXPECT_EQ(kept.deflate->client_max_window_bits, 11);
}

TEST(DeflateOptions, AnOfferIsWhatTheServersSideReads) {
  for (auto const& options : std::vector<DeflateOptions>{
           {.enabled = true},
           {.enabled = true, .server_no_context_takeover = true, .client_no_context_takeover = true},
           {.enabled = true, .server_max_window_bits = 9, .client_max_window_bits = 12},
       }) {
    std::string offer;
    append_extension_offer(offer, options);
    auto const agreed = negotiate_extensions(offer, {.enabled = true}).deflate;
    ASSERT_TRUE(agreed) << offer;
    std::string answer;
    append_extension(answer, *agreed);
    auto const accepted = accept_extensions(answer, options).deflate;
    ASSERT_TRUE(accepted) << answer;
    EXPECT_EQ(accepted->server_max_window_bits, options.server_max_window_bits);
    EXPECT_EQ(accepted->server_no_context_takeover, options.server_no_context_takeover);
    EXPECT_EQ(accepted->client_no_context_takeover, options.client_no_context_takeover);
  }
}

TEST(DeflateOptions, AreCheckedAtStart) {
  EXPECT_EQ(complaint({}), "");
  EXPECT_EQ(complaint({.level = 9, .mem_level = 9, .server_max_window_bits = 9, .client_max_window_bits = 9}),
            "");
  EXPECT_EQ(complaint({.level = 10}), "aerie: DeflateOptions::level must be -1 to 9");
  EXPECT_EQ(complaint({.level = -2}), "aerie: DeflateOptions::level must be -1 to 9");
  EXPECT_EQ(complaint({.mem_level = 0}), "aerie: DeflateOptions::mem_level must be 1 to 9");
  EXPECT_EQ(complaint({.server_max_window_bits = 8}),
            "aerie: DeflateOptions::server_max_window_bits must be 9 to 15");
  EXPECT_EQ(complaint({.client_max_window_bits = 16}),
            "aerie: DeflateOptions::client_max_window_bits must be 9 to 15");
}

TEST(DeflateOptions, TellTheMemoryOfAConnection) {
  auto const full = deflate_memory({}, {});
  EXPECT_EQ(full, 128u * 1024 + 128 * 1024 + 6 * 1024 + 32 * 1024 + 7 * 1024 + 512);
  EXPECT_LT(deflate_memory({.server_max_window_bits = 10, .client_max_window_bits = 10}, {.mem_level = 2}),
            21'000u);
  EXPECT_EQ(deflate_memory({.server_no_context_takeover = true, .client_no_context_takeover = true}, {}), 0u);
}

TEST(DeflateOptions, FitTheirBudgetByDecliningContextTakeover) {
  auto const offer = "permessage-deflate; client_max_window_bits";
  auto const decompressor = 32u * 1024 + 7 * 1024 + 512;
  auto const full = deflate_memory({}, {});
  struct Row {
    std::size_t budget;
    std::string agreed;
  };
  for (auto const& [budget, agreed] : std::initializer_list<Row>{
           {full, "permessage-deflate"},
           {full - 1, "permessage-deflate; server_no_context_takeover"},
           {decompressor, "permessage-deflate; server_no_context_takeover"},
           {decompressor - 1, "permessage-deflate; server_no_context_takeover; client_no_context_takeover"},
           {0, "permessage-deflate; server_no_context_takeover; client_no_context_takeover"}})
    EXPECT_EQ(answer(offer, {.memory_budget = budget}), agreed) << budget;
  EXPECT_EQ(
      answer("permessage-deflate; server_max_window_bits=10", {.mem_level = 1, .memory_budget = 64 * 1024}),
      "permessage-deflate; server_max_window_bits=10")
      << "what fits is not declined";
}

TEST(DeflateOptions, HaveABudgetForWhateverElseIsSet) {
  EXPECT_LE(deflate_memory({}, {.mem_level = 9}), DeflateOptions{}.memory_budget);
}

}  // namespace
