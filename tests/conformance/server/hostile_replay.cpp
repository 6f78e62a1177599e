// Plays raw inputs in memory: `node hostile/write_inputs.mjs | hostile_replay [--offsets N]`. What the server
// of hostile_server.hpp does about an input must not depend on where its bytes are cut into reads; and when a
// client has gone, nothing of it may be left.
#include "conformance/hex_lines.hpp"
#include "hostile_server.hpp"
#include "unit/support/server_on_a_clock.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace std::chrono_literals;

// Longer than every deadline of a client that says nothing more.
constexpr auto long_enough = 120s;
// Inputs above this size are cut at `sampled` places only.
constexpr std::size_t small = 4096;
constexpr std::size_t sampled = 64;
// Stands in an input for the id of a session, as in hostile/input.mjs.
constexpr std::string_view session_id = "{sid-of-this-input}.";

struct Input {
  std::string name;
  std::string bytes;
};

/// Puts dashes between each `before` and the next `after`.
void blank(std::string& text, std::string_view before, char after) {
  for (auto at = text.find(before); at != text.npos; at = text.find(before, at + 1)) {
    for (auto i = at + before.size(); i < text.size() && text[i] != after; ++i)
      text[i] = '-';
  }
}

/// What a server makes up, and the time, are not the same on every run.
std::string comparable(std::string text) {
  blank(text, "\"sid\":\"", '"');
  blank(text, "\r\nDate: ", '\r');
  return text;
}

class Play {
 public:
  Play() : io_(world_.http, conformance::hostile_settings()) {
    conformance::add_hostile_namespaces(io_);
    use_compression();
  }

  /// What the client of an input is sent, whose bytes come in two reads, or in one if `cut` is 0.
  std::string answers(Input const& input, std::size_t cut) {
    auto const bytes = with_session(input.bytes);
    auto client = world_.connect();
    client.write(std::string_view(bytes).substr(0, cut));
    world_.run();
    client.write(std::string_view(bytes).substr(cut));
    world_.run();
    // The middleware ends, then the time for CONNECT and upgrades, which leaves all else as it is.
    world_.advance(400ms);
    world_.advance(1200ms);
    auto text = comparable(client.take());
    return text.append(client.ended() ? "\n(ended)" : "\n(open)");
  }

  /// An account of what is left when nobody is there any more; empty if it is nothing.
  std::string leftovers() {
    world_.advance(long_enough);
    world_.advance(long_enough);
    auto const held = world_.runtime.stats().shards.at(0);
    auto const now = std::array{io_.engine().clients_count(), held.connections, held.bytes_held, held.timers,
                                held.posts_waiting};
    if (!at_rest_) at_rest_ = now;
    if (now == *at_rest_) return {};
    std::string text;
    constexpr std::string_view names[] = {"sessions", "connections", "bytes", "timers", "posts"};
    for (std::size_t i = 0; i < now.size(); ++i)
      text.append(names[i]).append(" ").append(std::to_string(now[i])).append(i + 1 < now.size() ? ", " : "");
    return text;
  }

 private:
  /// The first client that sends compressed messages makes what the event loop keeps for all of them.
  void use_compression() {
    auto client = world_.connect();
    client.write(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover\r\n\r\n");
    world_.run();
    // "40", compressed, behind a mask of zeros.
    client.write(std::string_view("\xc1\x84\0\0\0\0\x32\x31\0\0", 10));
    world_.run();
  }

  std::string with_session(std::string bytes) {
    auto at = bytes.find(session_id);
    if (at == bytes.npos) return bytes;
    auto const answer =
        world_.ask("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: localhost\r\n\r\n");
    constexpr std::string_view member = "\"sid\":\"";
    auto const sid = answer.body.substr(answer.body.find(member) + member.size(), session_id.size());
    for (; at != bytes.npos; at = bytes.find(session_id))
      bytes.replace(at, sid.size(), sid);
    return bytes;
  }

  aerie::test::ServerOnAClock world_;
  aerie::Server io_;
  std::optional<std::array<std::size_t, 5>> at_rest_;
};

std::vector<std::size_t> places(std::size_t size, std::size_t most) {
  if (size > small) most = most == 0 ? sampled : std::min(most, sampled);
  auto const step = most == 0 ? 1 : std::max<std::size_t>(1, size / most);
  std::vector<std::size_t> all;
  // Another one of each step's places for inputs of other sizes.
  for (std::size_t at = 1 + size % step; at < size; at += step)
    all.push_back(at);
  return all;
}

/// True if it went well.
bool play(Play& world, Input const& input, std::size_t most) {
  auto const whole = world.answers(input, 0);
  for (auto const cut : places(input.bytes.size(), most)) {
    auto const seen = world.answers(input, cut);
    if (seen == whole) continue;
    std::cout << input.name << ", cut at " << cut << " of " << input.bytes.size() << "\n--- whole\n"
              << whole.substr(0, 2000) << "\n--- cut\n"
              << seen.substr(0, 2000) << "\n\n";
    return false;
  }
  auto const left = world.leftovers();
  if (!left.empty()) std::cout << input.name << " leaves " << left << "\n\n";
  return left.empty();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Raw inputs, cut at every place");
  std::size_t most = 0;
  app.add_option("--offsets", most, "how many places at most; 0 is all, of inputs up to 4 KiB");
  CLI11_PARSE(app, argc, argv);
  std::ios::sync_with_stdio(false);
  std::size_t passed = 0;
  std::size_t failed = 0;
  Play world;
  world.leftovers();
  for (std::string line; std::getline(std::cin, line);) {
    auto const space = line.find(' ');
    Input const input{hex_lines::from_hex(line.substr(0, space)),
                      hex_lines::from_hex(line.substr(space + 1))};
    ++(play(world, input, most) ? passed : failed);
  }
  std::cout << passed << " passed, " << failed << " failed" << std::endl;
  return failed == 0 && passed > 0 ? 0 : 1;
}
