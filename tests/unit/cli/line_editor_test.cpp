#include "line_editor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace aerie::cli { namespace {

using Happened = LineEditor::Happened;

std::vector<std::string> events(std::string_view word) {
  std::vector<std::string> found;
  for (auto const* const name : {"join", "say", "say-later"}) {
    if (std::string_view(name).starts_with(word)) found.emplace_back(name);
  }
  return found;
}

struct Typing {
  LineEditor editor{"> ", {"first", "second"}, &events, 40};
  std::string screen;
  Happened last = Happened::nothing;

  Typing& type(std::string_view keys) {
    for (char const key : keys)
      last = editor.take(key, screen);
    return *this;
  }
  std::string entered(std::string_view keys) {
    last = Happened::nothing;
    type(keys);
    EXPECT_EQ(last, Happened::nothing);
    type("\r");
    EXPECT_EQ(last, Happened::line);
    return editor.take_line();
  }
};

TEST(LineEditorTest, HasTheKeysThatTerminalsHave) {
  struct Case {
    std::string keys;
    std::string line;
  };
  std::string const up = "\x1b[A";
  std::string const down = "\x1b[B";
  std::string const right = "\x1b[C";
  std::string const left = "\x1b[D";
  for (auto const& [keys, line] : std::vector<Case>{
           {"say hello", "say hello"},
           {"ab" + left + "c", "acb"},
           {"ab" + left + left + left + "c", "cab"},
           {"ab" + left + right + right + "c", "abc"},
           {"ab\x7f\x7f\x7f"
            "c",
            "c"},
           {"ä" + left + "ö", "öä"},
           {"aäü\x7f", "aä"},
           {"ab\x01"
            "c\x05"
            "d",
            "cabd"},
           {"ab\x1b[Hc\x1b[Fd", "cabd"},
           {"ab\x1b[1~c\x1b[4~d", "cabd"},
           {"abc\x01\x1b[3~", "bc"},
           {"abc\x01\x04", "bc"},
           {"say hello\x17you", "say you"},
           {"say hello\x15you", "you"},
           {"abc" + left + "\x0b", "ab"},
           {up, "second"},
           {up + up + up, "first"},
           {"typed" + up + up + down + down + down, "typed"},
           {up + "!", "second!"},
           {"\x1b[99~a\x1bOZb", "ab"},
           {std::string("a\0\x02"
                        "b",
                        4),
            "ab"},
           {"j\t1", "join 1"},
           {"s\t1", "say1"},
           {"x\t1", "x1"},
           {"join s\t", "join s"},
       }) {
    Typing typing;
    EXPECT_EQ(typing.entered(keys), line) << keys;
  }
}

TEST(LineEditorTest, ShowsWhatAWordMayBecome) {
  Typing typing;
  typing.type("say\t");
  EXPECT_NE(typing.screen.find("say  say-later  \r\n"), std::string::npos) << typing.screen;
}

TEST(LineEditorTest, KeepsWhatWasEnteredAndEachLineOnce) {
  Typing typing;
  typing.entered("third");
  typing.entered("third");
  typing.entered("");
  EXPECT_EQ(typing.editor.history(), (std::vector<std::string>{"first", "second", "third"}));
  EXPECT_EQ(typing.entered("\x1b[A"), "third");
}

TEST(LineEditorTest, EndsWhereNothingIsTyped) {
  for (auto const& [keys, happened] : std::vector<std::pair<std::string, Happened>>{
           {"\x04", Happened::end}, {"a\x04", Happened::nothing}, {"a\x03", Happened::end}}) {
    Typing typing;
    typing.type(keys);
    EXPECT_EQ(typing.last, happened);
  }
}

TEST(LineEditorTest, ShowsAPartOfALongLine) {
  Typing typing;
  typing.type("0123456789012345678901234567890123456789abc");
  typing.screen.clear();
  typing.editor.show(typing.screen);
  EXPECT_EQ(typing.screen, "\r\x1b[K> 6789012345678901234567890123456789abc");
  typing.type("\x01");
  typing.screen.clear();
  typing.editor.show(typing.screen);
  EXPECT_EQ(typing.screen, "\r\x1b[K> 0123456789012345678901234567890123456\x1b[37D");
}

}}  // namespace aerie::cli
