#pragma once

/// \file
/// What a server has sent on one connection, held against the protocols.

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::fuzz {

/// The server has done what it must never do.
class Violation : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads HTTP answers, and after a 101 WebSocket frames with packets of Engine.IO and Socket.IO in them.
class Observer {
 public:
  /// Throws Violation at what is not well-formed.
  void feed(std::string_view bytes);
  /// The packets of Engine.IO since the last call, binary ones as "b".
  std::vector<std::string> take_packets();
  bool is_websocket() const noexcept { return is_websocket_; }
  std::size_t answers() const noexcept { return answers_; }
  /// The status of the last answer; 0 if there was none.
  int status() const noexcept { return status_; }
  /// Of what is sent over it, the beginning may have been sent over polling.
  void joins_a_session() noexcept { joins_a_session_ = true; }
  /// Answers to what has been sent can no longer be told apart: a HEAD, or rubbish.
  void give_up() noexcept { gave_up_ = true; }

 private:
  bool take_answer();
  bool take_frame();
  void received_message(bool is_binary, std::string_view payload);
  void received_packet(std::string_view packet);
  void received_payload(std::string_view body);

  std::string bytes_;
  std::vector<std::string> packets_;
  std::size_t answers_ = 0;
  int status_ = 0;
  std::size_t attachments_due_ = 0;
  bool is_websocket_ = false;
  bool ended_ = false;  // by a Close frame, or by Connection: close
  bool gave_up_ = false;
  bool joins_a_session_ = false;
};

}  // namespace aerie::fuzz
