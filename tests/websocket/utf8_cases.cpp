#include "websocket/case.hpp"

#include <initializer_list>

namespace aerie::websocket::cases {
namespace {

constexpr unsigned whole_text = 0x81;

// "κόσμε", and a code point above U+10FFFF, which its second byte gives away.
constexpr std::string_view kosme = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5";
constexpr std::string_view too_high = "\xf4\x90\x80\x80";
constexpr std::string_view surrogate = "\xed\xa0\x80";
constexpr std::string_view mixed = "Hello-\xc2\xb5@\xc3\x9f\xc3\xb6\xc3\xa4\xc3\xbc\xc3\xa0\xc3\xa1-UTF-8!!";

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (auto const part : parts)
    out += part;
  return out;
}

Script echoed(std::vector<Frame> frames, std::string_view message) {
  return {.frames = std::move(frames), .expected = {text(message)}};
}

// 6.1 to 6.3: where fragments may be cut.
void add_fragmented(CaseList& list) {
  list.add("6.1.1", echoed({frame(whole_text)}, ""));
  list.add("6.1.2", echoed({frame(0x01), frame(0x00), frame(0x80)}, ""));
  list.add("6.1.3", echoed({frame(0x01), frame(0x00, "middle"), frame(0x80)}, "middle"));
  list.add("6.2.1", echoed({frame(whole_text, mixed)}, mixed));
  list.add("6.2.2", echoed(fragments(whole_text, mixed, 15), mixed));
  list.add("6.2.3", echoed(fragments(whole_text, mixed, 1), mixed));
  list.add("6.2.4", echoed(fragments(whole_text, kosme, 1), kosme));
  auto const wrong = joined({kosme, surrogate, "edited"});
  list.add("6.3.1", {.frames = {frame(whole_text, wrong)}, .ending = fails(1007)});
  list.add("6.3.2", {.frames = fragments(whole_text, wrong, 1), .ending = fails(1007)});
}

// 6.4: a text is refused with the byte that makes it wrong, without waiting for the rest.
void add_fail_fast(CaseList& list) {
  auto const wrong = joined({kosme, too_high, "edited"});
  // The parts: up to the sequence, the sequence; and up to the byte that is still right, the one that is not.
  std::pair<std::size_t, std::size_t> const parts[] = {{kosme.size(), too_high.size()},
                                                       {kosme.size() + 1, 1}};
  std::size_t number = 0;
  for (auto const& [first, second] : parts) {
    list.add(numbered("6.4", ++number),
             {.frames = {frame(0x01, wrong.substr(0, first)), frame(0x00, wrong.substr(first, second)),
                         frame(0x80, wrong.substr(first + second))},
              .ending = fails(1007),
              .sending = Sending::framewise,
              .fails_with_read = 1});
  }
  for (auto const& [first, second] : parts) {
    list.add(numbered("6.4", ++number), {.frames = {frame(whole_text, wrong)},
                                         .ending = fails(1007),
                                         .reads = {first, second},
                                         .fails_with_read = 1});
  }
}

/// One group of 6.5 to 6.23: texts of one frame, all right or all wrong but for the last ones.
class Group {
 public:
  Group(CaseList& list, std::size_t group) : list_(list), group_(numbered("6", group)) {}

  Group& good(std::vector<std::string> texts) {
    for (auto const& each : texts)
      list_.add(next(), echoed({frame(whole_text, each)}, each));
    return *this;
  }
  Group& bad(std::vector<std::string> texts) {
    for (auto const& each : texts)
      list_.add(next(), {.frames = {frame(whole_text, each)}, .ending = fails(1007)});
    return *this;
  }

 private:
  std::string next() { return numbered(group_, ++number_); }

  CaseList& list_;
  std::string group_;
  std::size_t number_ = 0;
};

/// All bytes from `first` to before `last`, each followed by `behind`.
std::string bytes_of(unsigned first, unsigned last, std::string_view behind) {
  std::string out;
  for (auto byte = first; byte < last; ++byte)
    out.append(1, static_cast<char>(byte)).append(behind);
  return out;
}

void add_prefixes(CaseList& list) {
  Group group(list, 6);
  for (std::size_t length = 1; length <= kosme.size(); ++length) {
    std::string prefix(kosme.substr(0, length));
    // Characters of 2, 3, 2, 2 and 2 bytes.
    auto const is_whole = length == 2 || (length >= 5 && length % 2 == 1);
    is_whole ? group.good({std::move(prefix)}) : group.bad({std::move(prefix)});
  }
}

std::vector<std::string> non_characters() {
  std::vector<std::string> texts{"\xef\xbf\xbe", "\xef\xbf\xbf"};
  for (unsigned plane = 1; plane <= 16; ++plane) {
    for (char const last : {'\xbe', '\xbf'}) {
      std::string text;
      text += static_cast<char>(0xF0U | (plane >> 2U));
      text += static_cast<char>(0x8FU | ((plane & 3U) << 4U));
      text += '\xbf';
      texts.push_back(text + last);
    }
  }
  return texts;
}

// 6.5 to 6.23: the sequences of Markus Kuhn's stress test for UTF-8 decoders.
void add_sequences(CaseList& list) {
  Group(list, 5).good({"hello$world", "hello\xc2\xa2world", "hello\xe2\x82\xacworld",
                       "hello\xf0\xa4\xad\xa2world", std::string(kosme)});
  add_prefixes(list);
  Group(list, 7).good({std::string(1, '\0'), "\xc2\x80", "\xe0\xa0\x80", "\xf0\x90\x80\x80"});
  Group(list, 8).bad({"\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80"});
  Group(list, 9).good({"\x7f", "\xdf\xbf", "\xef\xbf\xbf", "\xf4\x8f\xbf\xbf"});
  Group(list, 10).bad({"\xf7\xbf\xbf\xbf", "\xfb\xbf\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf\xbf"});
  Group(list, 11)
      .good({"\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbd", "\xf4\x8f\xbf\xbf"})
      .bad({std::string(too_high)});
  Group(list, 12).bad({"\x80", "\xbf", "\x80\xbf", "\x80\xbf\x80", "\x80\xbf\x80\xbf", "\x80\xbf\x80\xbf\x80",
                       "\x80\xbf\x80\xbf\x80\xbf", bytes_of(0x80, 0xbf, "")});
  Group(list, 13).bad({bytes_of(0xc0, 0xdf, " "), bytes_of(0xe0, 0xef, " "), bytes_of(0xf0, 0xf7, " "),
                       bytes_of(0xf8, 0xfb, " "), bytes_of(0xfc, 0xfd, " ")});
  std::vector<std::string> const cut_off{
      "\xc0", "\xe0\x80", "\xf0\x80\x80", "\xf8\x80\x80\x80", "\xfc\x80\x80\x80\x80",
      "\xdf", "\xef\xbf", "\xf7\xbf\xbf", "\xfb\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf"};
  Group(list, 14).bad(cut_off);
  std::string all;
  for (auto const& each : cut_off)
    all += each;
  Group(list, 15).bad({all});
  Group(list, 16).bad({"\xfe", "\xff", "\xfe\xfe\xff\xff"});
  Group(list, 17).bad(
      {"\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xf8\x80\x80\x80\xaf", "\xfc\x80\x80\x80\x80\xaf"});
  Group(list, 18).bad(
      {"\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xf8\x87\xbf\xbf\xbf", "\xfc\x83\xbf\xbf\xbf\xbf"});
  Group(list, 19).bad(
      {"\xc0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xf8\x80\x80\x80\x80", "\xfc\x80\x80\x80\x80\x80"});
  std::vector<std::string> const surrogates{"\xed\xa0\x80", "\xed\xad\xbf", "\xed\xae\x80", "\xed\xaf\xbf",
                                            "\xed\xb0\x80", "\xed\xbe\x80", "\xed\xbf\xbf"};
  Group(list, 20).bad(surrogates);
  Group pairs(list, 21);
  for (std::size_t high = 0; high < 4; ++high)
    pairs.bad({surrogates[high] + surrogates[4], surrogates[high] + surrogates[6]});
  Group(list, 22).good(non_characters());
  Group(list, 23).good({"\xef\xbf\xb9", "\xef\xbf\xba", "\xef\xbf\xbb", "\xef\xbf\xbc", "\xef\xbf\xbd",
                        "\xef\xbf\xbe", "\xef\xbf\xbf"});
}

}  // namespace

void add_utf8_cases(CaseList& list) {
  add_fragmented(list);
  add_fail_fast(list);
  add_sequences(list);
}

}  // namespace aerie::websocket::cases
