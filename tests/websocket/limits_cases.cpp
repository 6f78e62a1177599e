#include "websocket/case.hpp"

namespace aerie::websocket::cases {
namespace {

constexpr std::size_t kib = 1024;
constexpr std::size_t mib = 1024 * kib;

struct Kind {
  unsigned first;
  std::string_view unit;
};
constexpr Kind text_kind{0x81, "BAsd7&jh23"};
constexpr Kind binary_kind{0x82, "\xfe\x23\xfa\xf0"};

std::size_t scaled(std::size_t size) {
  return at_full_size() || size <= 256 * kib ? size : size / 4;
}

std::string echo_of(Kind const& kind, std::string_view payload) {
  return kind.first == text_kind.first ? text(payload) : binary(payload);
}

// 9.1, 9.2: one large frame.
void add_large(CaseList& list, std::string_view group, Kind kind) {
  std::size_t number = 0;
  for (auto const size : {64 * kib, 256 * kib, mib, 4 * mib, 8 * mib, 16 * mib}) {
    list.add(numbered(group, ++number), [=](Role) -> Script {
      auto const payload = repeated(kind.unit, scaled(size));
      return {.frames = {frame(kind.first, payload)}, .expected = {echo_of(kind, payload)}};
    });
  }
}

// 9.3, 9.4: a large message in fragments.
void add_fragmented(CaseList& list, std::string_view group, Kind kind) {
  std::size_t number = 0;
  for (std::size_t size = 64; size <= 4 * mib; size *= 4) {
    list.add(numbered(group, ++number), [=](Role) -> Script {
      auto const payload = repeated(kind.unit, scaled(4 * mib));
      return {.frames = fragments(kind.first, payload, size), .expected = {echo_of(kind, payload)}};
    });
  }
}

// 9.5, 9.6: a large frame in small reads.
void add_chopped(CaseList& list, std::string_view group, Kind kind) {
  std::size_t number = 0;
  for (std::size_t size = 64; size <= 2048; size *= 2) {
    list.add(numbered(group, ++number), [=](Role) -> Script {
      auto const payload = repeated(kind.unit, scaled(mib));
      return {.frames = {frame(kind.first, payload)},
              .expected = {echo_of(kind, payload)},
              .sending = Sending::chopped,
              .chop = size};
    });
  }
}

// 9.7, 9.8: a thousand messages, each sent when the one before has come back.
void add_round_trips(CaseList& list, std::string_view group, Kind kind) {
  std::size_t number = 0;
  for (std::size_t const size : {0U, 16U, 64U, 256U, 1024U, 4096U}) {
    list.add(numbered(group, ++number), [=](Role) -> Script {
      constexpr std::size_t count = 1000;
      auto const payload = repeated(kind.unit, size);
      return {.frames = std::vector<Frame>(count, frame(kind.first, payload)),
              .expected = std::vector<std::string>(count, echo_of(kind, payload)),
              .sending = Sending::framewise};
    });
  }
}

}  // namespace

void add_limits_cases(CaseList& list) {
  add_large(list, "9.1", text_kind);
  add_large(list, "9.2", binary_kind);
  add_fragmented(list, "9.3", text_kind);
  add_fragmented(list, "9.4", binary_kind);
  add_chopped(list, "9.5", text_kind);
  add_chopped(list, "9.6", binary_kind);
  add_round_trips(list, "9.7", text_kind);
  add_round_trips(list, "9.8", binary_kind);
  auto const payload = repeated("*", 64 * kib);
  list.add("10.1.1", {.frames = fragments(0x81, payload, 1300), .expected = {text(payload)}});
}

}  // namespace aerie::websocket::cases
