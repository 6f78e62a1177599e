#pragma once

/// \file
/// The cases of the Autobahn test suite (github.com/crossbario/autobahn-testsuite), by its numbers and in our
/// own words, as data: what a tester sends, what an endpoint that echoes messages has to answer, and how it
/// ends. README.md says which are scaled.

#include "unit/websocket/frames.hpp"

#include <aerie/websocket/deflate_options.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie::websocket::cases {

using test::close_body;
using test::Frame;

inline std::string text(std::string_view payload) {
  return std::string("text ").append(payload);
}
inline std::string binary(std::string_view payload) {
  return std::string("binary ").append(payload);
}
inline std::string pong(std::string_view payload) {
  return std::string("pong ").append(payload);
}

/// `first` is the first byte: FIN, RSV1-3 and opcode.
inline Frame frame(unsigned first, std::string_view payload = {}) {
  return {.first = first, .payload = std::string(payload)};
}

/// The number of a case within a group.
inline std::string numbered(std::string_view group, std::size_t number) {
  return std::string(group).append(".").append(std::to_string(number));
}

/// How what a tester writes is cut into reads of the endpoint.
enum class Sending {
  whole,      ///< All frames at once.
  framewise,  ///< Each frame by itself.
  chopped,    ///< `chop` bytes at a time.
};

struct Ending {
  enum class Kind {
    goes_on,  ///< All is well: the tester closes with 1000 and is answered.
    answers,  ///< The tester's close frame, which is among the frames, is answered with `code`.
    fails,    ///< The endpoint closes with `code` because a rule was broken.
  };
  Kind kind = Kind::goes_on;
  unsigned code = 1000;
};

inline constexpr Ending goes_on{};
constexpr Ending answers(unsigned code) {
  return {Ending::Kind::answers, code};
}
constexpr Ending fails(unsigned code) {
  return {Ending::Kind::fails, code};
}

/// Of an endpoint without a code in its close frame.
inline constexpr unsigned no_code = 1005;

struct Script {
  std::vector<Frame> frames;  ///< `Frame::masked` is chosen by the role of the tester.
  std::vector<std::string> expected{};
  Ending ending{};
  Sending sending = Sending::whole;
  std::size_t chop = 0;
  /// If not empty, the lengths of all reads but the last, counted from the first payload byte.
  std::vector<std::size_t> reads{};
  /// Of a case that fails: the number of the read with which it must, at the latest and not before.
  std::optional<std::size_t> fails_with_read{};
  /// If messages are compressed; frames are then as the tester's compressor made them.
  std::optional<DeflateParameters> deflate{};
};

/// Made when it is run: some are many megabytes.
struct Case {
  std::string number;
  std::function<Script(Role endpoint)> make;
};

class CaseList {
 public:
  void add(std::string number, Script script) {
    cases_.push_back({std::move(number), [script = std::move(script)](Role) { return script; }});
  }
  void add(std::string number, std::function<Script(Role endpoint)> make) {
    cases_.push_back({std::move(number), std::move(make)});
  }
  std::vector<Case> const& all() const { return cases_; }

 private:
  std::vector<Case> cases_;
};

void add_framing_cases(CaseList& list);      // 1 to 5
void add_utf8_cases(CaseList& list);         // 6
void add_close_cases(CaseList& list);        // 7
void add_limits_cases(CaseList& list);       // 9 and 10
void add_compression_cases(CaseList& list);  // 12 and 13

/// True if the environment asks for the sizes and counts of the suite itself.
bool at_full_size();

/// A message in fragments of `size` bytes; `first` is the first byte of its first frame, with FIN. An empty
/// one is one frame.
std::vector<Frame> fragments(unsigned first, std::string_view message, std::size_t size);

/// `unit`, repeated and cut to `size` bytes.
std::string repeated(std::string_view unit, std::size_t size);

}  // namespace aerie::websocket::cases
