#include "websocket/case.hpp"

namespace aerie::websocket::cases {
namespace {

constexpr unsigned text_byte = 0x81;
constexpr unsigned text_begins = 0x01;
constexpr unsigned binary_byte = 0x82;
constexpr unsigned continuation = 0x80;
constexpr unsigned continuation_goes_on = 0x00;
constexpr unsigned close_byte = 0x88;
constexpr unsigned ping_byte = 0x89;
constexpr unsigned pong_byte = 0x8A;

constexpr std::string_view greeting = "Hello, world!";
constexpr std::string_view not_utf8("\x00\xff\xfe\xfd\xfc\xfb\x00\xff", 8);

constexpr unsigned rsv(unsigned bits) {
  return bits << 4U;
}

// 1: messages of the lengths at which the form of the header changes.
void add_lengths(CaseList& list, std::string_view group, unsigned first, std::string_view unit) {
  auto const is_text = first == text_byte;
  std::size_t number = 0;
  auto const add = [&](std::size_t length, Script script) {
    auto const payload = repeated(unit, length);
    script.frames = {frame(first, payload)};
    script.expected = {is_text ? text(payload) : binary(payload)};
    list.add(numbered(group, ++number), std::move(script));
  };
  for (std::size_t const length : {0U, 125U, 126U, 127U, 128U, 65535U, 65536U})
    add(length, {});
  add(65536, {.frames = {}, .sending = Sending::chopped, .chop = 997});
}

// 2: pings are answered with the same bytes, pongs not at all.
void add_pings(CaseList& list) {
  std::string const longest(125, '\xfe');
  list.add("2.1", {.frames = {frame(ping_byte)}, .expected = {pong("")}});
  list.add("2.2", {.frames = {frame(ping_byte, greeting)}, .expected = {pong(greeting)}});
  list.add("2.3", {.frames = {frame(ping_byte, not_utf8)}, .expected = {pong(not_utf8)}});
  list.add("2.4", {.frames = {frame(ping_byte, longest)}, .expected = {pong(longest)}});
  list.add("2.5", {.frames = {frame(ping_byte, longest + '\xfe')}, .ending = fails(1002)});
  list.add("2.6", {.frames = {frame(ping_byte, longest)},
                   .expected = {pong(longest)},
                   .sending = Sending::chopped,
                   .chop = 1});
  list.add("2.7", {.frames = {frame(pong_byte)}});
  list.add("2.8", {.frames = {frame(pong_byte, "nobody asked")}});
  list.add("2.9", {.frames = {frame(pong_byte, "nobody asked"), frame(ping_byte, "somebody does")},
                   .expected = {pong("somebody does")}});
  Script ten;
  for (int i = 0; i < 10; ++i) {
    auto const payload = "ping " + std::to_string(i);
    ten.frames.push_back(frame(ping_byte, payload));
    ten.expected.push_back(pong(payload));
  }
  list.add("2.10", ten);
  ten.sending = Sending::chopped;
  ten.chop = 1;
  list.add("2.11", ten);
}

/// A good message, then `bad`, then a ping that is not answered any more.
Script good_then(Frame bad, Sending sending) {
  return {.frames = {frame(text_byte, greeting), std::move(bad), frame(ping_byte)},
          .expected = {text(greeting)},
          .ending = fails(1002),
          .sending = sending,
          .chop = 1};
}

// 3: reserved bits, while no extension gives them a meaning.
void add_reserved_bits(CaseList& list) {
  list.add("3.1", {.frames = {frame(text_byte | rsv(1), greeting)}, .ending = fails(1002)});
  list.add("3.2", good_then(frame(text_byte | rsv(2), greeting), Sending::whole));
  list.add("3.3", good_then(frame(text_byte | rsv(3), greeting), Sending::framewise));
  list.add("3.4", good_then(frame(text_byte | rsv(4), greeting), Sending::chopped));
  list.add("3.5", {.frames = {frame(binary_byte | rsv(5), not_utf8)}, .ending = fails(1002)});
  list.add("3.6", {.frames = {frame(ping_byte | rsv(6), greeting)}, .ending = fails(1002)});
  list.add("3.7", {.frames = {frame(close_byte | rsv(7))}, .ending = fails(1002)});
}

// 4: reserved opcodes of data and of control frames.
void add_reserved_opcodes(CaseList& list, std::string_view group, unsigned first) {
  list.add(numbered(group, 1), {.frames = {frame(first)}, .ending = fails(1002)});
  list.add(numbered(group, 2), {.frames = {frame(first + 1, "payload")}, .ending = fails(1002)});
  list.add(numbered(group, 3), good_then(frame(first + 2), Sending::whole));
  list.add(numbered(group, 4), good_then(frame(first + 3, greeting), Sending::whole));
  list.add(numbered(group, 5), good_then(frame(first + 4, greeting), Sending::chopped));
}

constexpr Sending ways[] = {Sending::whole, Sending::framewise, Sending::chopped};

/// Adds a script once for each way of sending.
void add_each_way(CaseList& list, std::size_t number, Script script) {
  script.chop = 1;
  for (auto const way : ways) {
    script.sending = way;
    list.add(numbered("5", number++), script);
  }
}

// 5: fragments.
void add_fragmentation(CaseList& list) {
  for (std::size_t const number : {1U, 2U}) {
    auto const first = number == 1 ? 0x09U : 0x0AU;
    list.add(numbered("5", number),
             {.frames = {frame(first, "one"), frame(continuation, "two")}, .ending = fails(1002)});
  }
  add_each_way(
      list, 3,
      {.frames = {frame(text_begins, "one"), frame(continuation, "two")}, .expected = {text("onetwo")}});
  add_each_way(
      list, 6,
      {.frames = {frame(text_begins, "one"), frame(ping_byte, "between"), frame(continuation, "two")},
       .expected = {pong("between"), text("onetwo")}});
  for (auto const first : {continuation, continuation_goes_on}) {
    add_each_way(list, first == continuation ? 9 : 12,
                 {.frames = {frame(first, "of nothing"), frame(text_byte, greeting)}, .ending = fails(1002)});
  }
  list.add("5.15", {.frames = {frame(text_begins, "one"), frame(continuation, "two"),
                               frame(continuation_goes_on, "three"), frame(text_byte, "four")},
                    .expected = {text("onetwo")},
                    .ending = fails(1002)});
  for (auto const first : {continuation_goes_on, continuation}) {
    Script twice{.frames = {}, .ending = fails(1002)};
    for (int i = 0; i < 2; ++i) {
      twice.frames.push_back(frame(first, "one"));
      twice.frames.push_back(frame(text_begins, "two"));
      twice.frames.push_back(frame(continuation, "three"));
    }
    list.add(first == continuation ? "5.17" : "5.16", std::move(twice));
  }
  list.add("5.18", {.frames = {frame(text_begins, "one"), frame(text_byte, "two")}, .ending = fails(1002)});
  Script pings{
      .frames = {frame(text_begins, "1"), frame(continuation_goes_on, "2"), frame(ping_byte, "first"),
                 frame(continuation_goes_on, "3"), frame(continuation_goes_on, "4"),
                 frame(ping_byte, "second"), frame(continuation, "5")},
      .expected = {pong("first"), pong("second"), text("12345")}};
  list.add("5.19", pings);
  pings.sending = Sending::framewise;
  list.add("5.20", pings);
}

}  // namespace

void add_framing_cases(CaseList& list) {
  add_lengths(list, "1.1", text_byte, "*");
  add_lengths(list, "1.2", binary_byte, "\xfe");
  add_pings(list);
  add_reserved_bits(list);
  add_reserved_opcodes(list, "4.1", 0x83);
  add_reserved_opcodes(list, "4.2", 0x8B);
  add_fragmentation(list);
}

}  // namespace aerie::websocket::cases
