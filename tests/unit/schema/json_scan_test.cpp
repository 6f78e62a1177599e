#include "unit/schema/json_texts.hpp"

#include <aerie/schema/json_scan.hpp>

#include <gtest/gtest.h>

namespace json = aerie::json;
using json::ScanError;

namespace {

std::vector<std::string_view> elements_of(std::string_view text) {
  json::ElementList elements;
  EXPECT_EQ(json::scan_array(text, elements), ScanError::none) << text;
  return {elements.begin(), elements.end()};
}

TEST(JsonScan, AcceptsWhatJsonParseAccepts) {
  for (std::string_view const text : accepted_json)
    EXPECT_EQ(json::validate(text), ScanError::none) << text;
}

TEST(JsonScan, RefusesWhatJsonParseRefuses) {
  for (std::string_view const text : refused_json)
    EXPECT_EQ(json::validate(text), ScanError::syntax) << text;
}

TEST(JsonScan, GivesTheTextOfEveryElement) {
  using Texts = std::vector<std::string_view>;
  EXPECT_EQ(elements_of("[]"), Texts{});
  EXPECT_EQ(elements_of(" [ ] "), Texts{});
  EXPECT_EQ(elements_of(R"(["echo",{"a":1,"b":"text"},[1,2] , null])"),
            (Texts{R"("echo")", R"({"a":1,"b":"text"})", "[1,2]", "null"}));
  EXPECT_EQ(elements_of("[ 1.5e3 ,\"]\" ]"), (Texts{"1.5e3", "\"]\""}));
}

TEST(JsonScan, FindsWhatEndsAStringWhereverItStands) {
  // Strings are searched sixteen bytes at a time.
  for (std::size_t size = 1; size < 70; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string inside(size, 'x');
      inside[at] = '\n';
      EXPECT_EQ(json::validate("\"" + inside + "\""), ScanError::syntax) << size << ' ' << at;
      inside[at] = '"';
      EXPECT_EQ(json::validate("\"" + inside + "\""), ScanError::syntax) << size << ' ' << at;
      inside.insert(at, "\\");
      EXPECT_EQ(json::validate("\"" + inside + "\""), ScanError::none) << size << ' ' << at;
    }
  }
}

TEST(JsonScan, HoldsMoreElementsThanFitInline) {
  std::string text = "[0";
  for (int i = 1; i < 100; ++i)
    text.append(",").append(std::to_string(i));
  text += "]";
  auto const elements = elements_of(text);
  ASSERT_EQ(elements.size(), 100U);
  for (std::size_t i = 0; i < elements.size(); ++i)
    EXPECT_EQ(elements[i], std::to_string(i));
}

TEST(JsonScan, ReplacesTheElementsOfTheTextBefore) {
  json::ElementList elements;
  ASSERT_EQ(json::scan_array("[1,2,3,4,5,6,7,8,9,10]", elements), ScanError::none);
  ASSERT_EQ(json::scan_array("[1]", elements), ScanError::none);
  EXPECT_EQ(elements.size(), 1U);
}

TEST(JsonScan, TellsOtherValuesFromMalformedText) {
  json::ElementList elements;
  EXPECT_EQ(json::scan_array("{}", elements), ScanError::not_an_array);
  EXPECT_EQ(json::scan_array(" null ", elements), ScanError::not_an_array);
  EXPECT_EQ(json::scan_array("{}x", elements), ScanError::syntax);
  EXPECT_EQ(json::scan_array("", elements), ScanError::syntax);
  EXPECT_EQ(json::scan_array("[1] 2", elements), ScanError::syntax);
  EXPECT_EQ(json::scan_array("[1", elements), ScanError::syntax);
  EXPECT_EQ(json::scan_array("[1,]", elements), ScanError::syntax);
  EXPECT_EQ(json::scan_array("[", elements), ScanError::syntax);
}

TEST(JsonScan, RefusesEveryTextThatIsCutShort) {
  std::string_view const text = R"([ "ev\u0041\n" , {"a" : [1.5e-3, true, false, null] , "b":{}} ])";
  ASSERT_EQ(json::validate(text), ScanError::none);
  for (std::size_t size = 0; size < text.size(); ++size) {
    // A copy of exactly this size, so that AddressSanitizer sees a read behind its end.
    std::vector<char> const cut(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(json::validate({cut.data(), cut.size()}), ScanError::syntax) << text.substr(0, size);
  }
}

TEST(JsonScan, FindsTheEndOfStringsOfAnyLength) {
  for (std::size_t size = 0; size < 70; ++size) {
    std::string const content(size, 'x');
    EXPECT_EQ(json::validate("\"" + content + "\""), ScanError::none);
    EXPECT_EQ(json::validate("\"" + content + "\\\"\""), ScanError::none);
    EXPECT_EQ(json::validate("\"" + content + "\n\""), ScanError::syntax);
    EXPECT_EQ(json::validate("\"" + content + "\\\""), ScanError::syntax);
    EXPECT_EQ(json::validate("\"" + content + "\xc3\xa9\""), ScanError::none);
  }
}

TEST(JsonScan, LimitsTheDepth) {
  auto const nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(json::validate(nested(512)), ScanError::none);
  EXPECT_EQ(json::validate(nested(513)), ScanError::depth);
  EXPECT_EQ(json::validate(nested(100'000)), ScanError::depth);
  EXPECT_EQ(json::validate(nested(3), std::nullopt, 2), ScanError::depth);
  json::ElementList elements;
  EXPECT_EQ(json::scan_array(nested(512), elements), ScanError::none);
  EXPECT_EQ(json::scan_array(nested(513), elements), ScanError::depth);
}

TEST(JsonScan, HasASentenceOfItsOwnForEachError) {
  std::set<std::string_view> sentences;
  for (auto const error : {ScanError::none, ScanError::syntax, ScanError::depth, ScanError::not_an_array,
                           ScanError::illegal_attachment})
    EXPECT_TRUE(sentences.insert(json::to_string(error)).second) << json::to_string(error);
}

struct PlaceholderCase {
  std::string_view text;
  std::size_t attachments;
  ScanError expected;
};

TEST(JsonScan, ChecksPlaceholdersOfBinaryPackets) {
  constexpr auto legal = ScanError::none;
  constexpr auto illegal = ScanError::illegal_attachment;
  PlaceholderCase const cases[] = {
      {R"(["ev",{"_placeholder":true,"num":0}])", 1, legal},
      {R"(["ev",{"num":1,"_placeholder":true}])", 2, legal},
      {R"(["ev",{"a":[{"_placeholder":true,"num":0}]},{"_placeholder":true,"num":0}])", 1, legal},
      {R"([{"_placeholder":true,"num":-0}])", 1, legal},
      {R"([{"_placeholder":true,"num":1e0}])", 2, legal},
      {R"([{"_placeholder":false,"num":7}])", 1, legal},
      {R"([{"_placeholder":"true","num":7}])", 1, legal},
      {R"([{"_placeholder":true,"num":7,"_placeholder":1}])", 1, legal},
      {R"([{"_placeholder":true,"num":1}])", 1, illegal},
      {R"([{"_placeholder":true,"num":0}])", 0, illegal},
      {R"([{"_placeholder":true,"num":-1}])", 1, illegal},
      {R"([{"_placeholder":true,"num":"0"}])", 1, illegal},
      {R"([{"_placeholder":true,"num":"splice"}])", 1, illegal},
      {R"([{"_placeholder":true,"num":null}])", 1, illegal},
      {R"([{"_placeholder":true,"num":1e400}])", 1, illegal},
      {R"([{"_placeholder":true,"num":0.5}])", 1, illegal},
      {R"([{"_placeholder":true}])", 1, illegal},
      {R"([{"_placeholder":true,"num":0,"num":9}])", 1, illegal},
      {R"([{"\u005fplaceholder":true,"num":9}])", 1, illegal},
      {R"([{"_placeholder":true,"\u006eum":0}])", 1, legal},
  };
  for (auto const& [text, attachments, expected] : cases) {
    json::ElementList elements;
    EXPECT_EQ(json::scan_array(text, elements, attachments), expected) << text;
    EXPECT_EQ(json::scan_array(text, elements), ScanError::none) << text;
  }
}

}  // namespace
