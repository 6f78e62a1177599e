#pragma once

/// \file
/// `aerie connect`: a client of a Socket.IO server, from a shell.

#include <chrono>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace aerie::cli {

struct ConnectCommand {
  std::string url{};
  /// Empty: that of the URL.
  std::string nsp{};
  /// JSON.
  std::string auth{};
  /// `polling` or `websocket`; empty: both, as the official client does.
  std::string transport{};
  std::string proxy{};
  /// Events with their arguments, an array in JSON.
  std::vector<std::string> emit{};
  /// Wait for an acknowledgement of each event that is emitted.
  bool ack = false;
  /// Wait for these events of the server, once for each time that it is named.
  std::vector<std::string> wait{};
  std::string timeout = "5s";
  /// One JSON line for each thing that happens; else lines for people.
  bool json = false;
  bool listen = false;
  /// Somebody sits at a terminal: what is typed is sent, until they have had enough.
  bool interactive = false;
  bool colours = false;
  /// Where a server may offer its contract, as AsyncAPI; empty: nobody asks.
  std::string contract = "/docs/asyncapi.json";
  bool insecure = false;
  std::string ca_file{};
  /// `Name: value`
  std::vector<std::string> headers{};

  /// Whether more is asked for than to be connected.
  bool asks_for_something() const noexcept { return json || listen || !emit.empty() || !wait.empty(); }
  /// A sentence with the remedy if this is nothing that can be done; empty if it can.
  std::string objection() const;
};

/// `5s`, `250ms`, `2m`, or a number of seconds; nothing if it is none.
std::optional<std::chrono::milliseconds> duration(std::string const& text);

/// Connects, sends, and waits for what was asked for. Returns the exit status: 0 when everything has come, 1
/// if the server refuses or the time is over.
int connect(ConnectCommand const& command, std::ostream& out);

}  // namespace aerie::cli
