#include "websocket/case.hpp"

namespace aerie::websocket::cases {
namespace {

Frame close(std::string_view payload) {
  return frame(0x88, payload);
}

// 7.1: what comes behind a close frame is not answered.
void add_behind_close(CaseList& list) {
  auto const normal = close(close_body(1000));
  auto const hello = frame(0x81, "Hello World!");
  list.add("7.1.1", {.frames = {hello, normal}, .expected = {text("Hello World!")}, .ending = answers(1000)});
  list.add("7.1.2", {.frames = {normal, close("")}, .ending = answers(1000)});
  list.add("7.1.3", {.frames = {normal, frame(0x89)}, .ending = answers(1000)});
  list.add("7.1.4", {.frames = {normal, hello}, .ending = answers(1000)});
  list.add("7.1.5", {.frames = {frame(0x01, "one"), normal, frame(0x80, "two")}, .ending = answers(1000)});
  // The suite leaves it to the implementation whether the messages are returned; ours are.
  auto const large = repeated("BAsd7&jh23", 256 * 1024);
  list.add("7.1.6", {.frames = {frame(0x81, large), hello, normal, frame(0x89)},
                     .expected = {text(large), text("Hello World!")},
                     .ending = answers(1000)});
}

// 7.3 and 7.5: the length and the text of a close frame.
void add_payloads(CaseList& list) {
  list.add("7.3.1", {.frames = {close("")}, .ending = answers(no_code)});
  list.add("7.3.2", {.frames = {close("a")}, .ending = fails(1002)});
  list.add("7.3.3", {.frames = {close(close_body(1000))}, .ending = answers(1000)});
  list.add("7.3.4", {.frames = {close(close_body(1000, "Hello World!"))}, .ending = answers(1000)});
  list.add("7.3.5", {.frames = {close(close_body(1000, std::string(123, '*')))}, .ending = answers(1000)});
  list.add("7.3.6", {.frames = {close(close_body(1000, std::string(124, '*')))}, .ending = fails(1002)});
  list.add("7.5.1", {.frames = {close(close_body(1000, "\xce\xba\xe1\xbd\xb9\xed\xa0\x80 edited"))},
                     .ending = fails(1007)});
}

// 7.7, 7.9 and 7.13: codes that may be sent, that may not, and that nobody has defined.
void add_codes(CaseList& list) {
  std::size_t number = 0;
  for (unsigned const code :
       {1000U, 1001U, 1002U, 1003U, 1007U, 1008U, 1009U, 1010U, 1011U, 3000U, 3999U, 4000U, 4999U})
    list.add(numbered("7.7", ++number), {.frames = {close(close_body(code))}, .ending = answers(code)});
  number = 0;
  for (unsigned const code : {0U, 999U, 1004U, 1005U, 1006U, 1016U, 1100U, 2000U, 2999U})
    list.add(numbered("7.9", ++number), {.frames = {close(close_body(code))}, .ending = fails(1002)});
  number = 0;
  // The suite only looks on; we refuse them as all that is not in the registry.
  for (unsigned const code : {5000U, 65535U})
    list.add(numbered("7.13", ++number), {.frames = {close(close_body(code))}, .ending = fails(1002)});
}

}  // namespace

void add_close_cases(CaseList& list) {
  add_behind_close(list);
  add_payloads(list);
  add_codes(list);
}

}  // namespace aerie::websocket::cases
