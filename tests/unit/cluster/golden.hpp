#pragma once

/// \file
/// What the official packages were seen to write, tests/cluster/golden: see tests/cluster/record.mjs.

#include "unit/support/hex.hpp"

#include <aerie/schema/codec.hpp>
#include <aerie/socketio/cluster_message.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::cluster_test {

using test::from_hex;

struct GoldenLine {
  std::string flavour;
  std::string operation;
  std::string command;
  std::string channel;
  std::string payload;
};

/// Readable where it is text, and the same for the same bytes only.
inline std::string shown(std::string_view bytes) {
  std::string text;
  for (char const c : bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    auto const byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f && c != '\\') {
      text.push_back(c);
    } else {
      text += {'\\', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return text;
}

/// Everything that was published, in its order.
inline std::vector<GoldenLine> golden(std::string_view name) {
  std::ifstream file(std::string(AERIE_CLUSTER_GOLDEN "/") + std::string(name) + ".json");
  std::string const text{std::istreambuf_iterator<char>(file), {}};
  Value lines;
  EXPECT_TRUE(json::parse(text, lines).ok()) << name;
  std::vector<GoldenLine> published;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto const& line = lines[i];
    auto const member = [&](std::string_view key) {
      return line[key].is_string() ? std::string(line[key].as_string()) : std::string();
    };
    if (line["channel"].is_undefined()) continue;
    auto const hex = member("hex");
    published.push_back({member("flavour"), member("operation"), member("command"), member("channel"),
                         hex.empty() ? member("text") : from_hex(hex)});
  }
  EXPECT_FALSE(published.empty()) << name;
  return published;
}

/// The payloads of one operation on channels that begin with `channel`.
inline std::vector<GoldenLine> golden(std::string_view name, std::string_view flavour,
                                      std::string_view operation, std::string_view channel = {}) {
  std::vector<GoldenLine> chosen;
  for (auto& line : golden(name)) {
    if (line.flavour == flavour && line.operation == operation && line.channel.starts_with(channel))
      chosen.push_back(std::move(line));
  }
  return chosen;
}

}  // namespace aerie::cluster_test
