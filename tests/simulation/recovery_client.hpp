#pragma once

/// \file
/// A model of the official client as recovery sees it: its pid and offset, what it keeps until it is
/// connected, what it sends when it is connected again. What the network does to it is done to it.

#include "unit/support/server_on_a_clock.hpp"
#include "unit/websocket/frames.hpp"

#include <aerie/core/memory_stream.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/json.hpp>
#include <aerie/schema/value.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie::simulation {

/// The heartbeat of servers whose clients come back, in milliseconds.
inline constexpr std::uint64_t ping_interval = 400;
inline constexpr std::uint64_t ping_timeout = 300;

inline core::Milliseconds ms(std::uint64_t time) {
  return core::Milliseconds{static_cast<std::int64_t>(time)};
}

/// What is wrong on purpose, to see that the checker notices. Each is what a client would see of a server
/// that lacks one of the conditions.
enum class Mutant {
  none,
  gap,            ///< The first event that was missed is not sent.
  live_gap,       ///< What is emitted while the client is let in is lost.
  doubled,        ///< The event of the offset is sent again.
  disorder,       ///< What was missed comes in another order.
  silent,         ///< A client that is not recovered is told that it is.
  forgetful,      ///< No session is found again.
  no_start,       ///< A client without any event has no place to begin from.
  stuck_offset,   ///< Events name the offset of an earlier one.
  lost_rooms,     ///< Who comes back is in no room.
  zombie,         ///< The connection that was taken over is still sent events.
  short_window,   ///< Sessions end before their time.
  left_for_good,  ///< A session of a client that has left is given again.
  count,
};

inline constexpr std::string_view mutant_names[] = {
    "none",     "gap",          "live-gap",   "doubled", "disorder",     "silent",       "forgetful",
    "no-start", "stuck-offset", "lost-rooms", "zombie",  "short-window", "left-for-good"};

class RecoveryClient {
 public:
  enum class State { away, shaking_hands, opening, claiming, connected };

  /// `forgets_offset`: it names no event of a session that it has lost. The official client does.
  RecoveryClient(std::string nsp, Mutant mutant, bool forgets_offset = false)
      : head_(nsp == "/" ? "" : nsp + ","), mutant_(mutant), forgets_offset_(forgets_offset) {}

  State state() const noexcept { return state_; }
  bool is_away() const noexcept { return state_ == State::away; }
  bool has_session() const noexcept { return !pid_.empty(); }
  bool recovered() const noexcept { return recovered_; }
  std::string const& id() const noexcept { return id_; }

  /// Begins to connect, to a shard of a server. It goes on when it is read. `name` is in the request.
  void connect(test::ServerOnAClock& world, std::size_t shard, std::string_view name = "") {
    world_ = &world;
    end_.emplace(world.connect(shard));
    end_->write(test::get_request("/socket.io/?EIO=4&transport=websocket&name=" + std::string(name),
                                  "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                  "Sec-WebSocket-Version: 13\r\n"
                                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
    state_ = State::shaking_hands;
    // The official client keeps what has come before a CONNECT that never did, and so hears it twice: see
    // docs/recovery.md. Both leave the server in one write, and here come together.
    before_connect_.clear();
  }
  /// The connection breaks, and both ends know; or the server does not.
  void cut(bool in_silence) {
    if (in_silence || mutant_ == Mutant::zombie) {
      dead_.push_back({world_, std::move(*end_), std::move(bytes_)});
    } else {
      end_->reset();
    }
    end_.reset();
    bytes_.clear();
    state_ = State::away;
  }
  /// A server is about to be no more, with all connections to it.
  void server_ends(test::ServerOnAClock const& world) {
    if (end_ && world_ == &world) cut(false);
    std::erase_if(dead_, [&](Dead const& each) { return each.world == &world; });
  }
  test::ServerOnAClock const* world() const noexcept { return world_; }
  bool was_refused() { return std::exchange(refused_, false); }
  /// It leaves by itself, and keeps what it knows of its session.
  void leave() {
    say("41" + head_);
    world_->run();
    cut(false);
    if (mutant_ != Mutant::left_for_good) return;
    // As if its session had only been cut.
    told_to_leave_ = true;
  }
  void forget() { pid_.clear(), offset_.clear(); }
  /// Sends an event, or keeps it until it is connected.
  void emit(std::string event) {
    if (state_ == State::connected) return say("42" + head_ + event);
    to_send_.push_back(std::move(event));
  }

  /// Reads what has come and goes on. The events that its page hears, in their order; nothing has become of
  /// it if it is still connecting.
  std::vector<Value> read() {
    std::vector<Value> heard;
    if (!end_) return heard;
    if (mutant_ == Mutant::zombie) {
      for (auto& [world, end, bytes] : dead_)
        read_from(end, bytes, heard, false);
    }
    read_from(*end_, bytes_, heard, true);
    if (end_ && (end_->ended() || end_->closed())) cut(false);
    return heard;
  }
  /// What it was asked: the numbers that the events have, and those under which it is to answer.
  struct Question {
    std::int64_t number;
    std::string id;
  };
  std::vector<Question> take_questions() { return std::exchange(questions_, {}); }
  void answer(std::string const& id, std::int64_t what) {
    if (state_ == State::connected) say("43" + head_ + id + "[" + std::to_string(what) + "]");
  }
  std::string const& pid() const noexcept { return pid_; }
  /// True once after each CONNECT.
  bool has_connected() { return std::exchange(news_, false); }

 private:
  struct Dead {
    test::ServerOnAClock const* world;
    core::MemoryClient end;
    std::string bytes;
  };

  void say(std::string_view message) { end_->write(websocket::test::text_frame(message)); }

  void read_from(core::MemoryClient& end, std::string& bytes, std::vector<Value>& heard, bool is_live) {
    bytes += end.take();
    if (is_live && state_ == State::shaking_hands) {
      auto const head = bytes.find("\r\n\r\n");
      if (head == bytes.npos) return;
      bytes.erase(0, head + 4);
      state_ = State::opening;
    }
    while (auto const message = take_message(bytes)) {
      if (!is_live) {
        if (message->starts_with("42" + head_)) dispatch(message->substr(2 + head_.size()), heard);
        continue;
      }
      received(*message, heard);
    }
  }

  void received(std::string_view message, std::vector<Value>& heard) {
    if (message.starts_with('0')) return claim();
    if (message == "2") return say("3");
    if (message.starts_with("40" + head_ + "{")) return connected(message.substr(2 + head_.size()), heard);
    if (message.starts_with("44" + head_)) {
      refused_ = true;
      end_->reset();
      return;
    }
    if (!message.starts_with("42" + head_)) return;
    auto const event = message.substr(2 + head_.size());
    if (!event.starts_with('[')) return asked(event);
    if (state_ == State::connected) {
      if (mutant_ == Mutant::live_gap && std::exchange(drop_next_, false)) return;
      return dispatch(event, heard);
    }
    before_connect_.emplace_back(event);
  }

  /// `17["q",5]`
  void asked(std::string_view event) {
    auto const array = event.find('[');
    Value value;
    if (array == event.npos || !json::parse(event.substr(array), value).ok()) return;
    questions_.push_back({value[1].as_int(), std::string(event.substr(0, array))});
  }

  void claim() {
    auto claimed = Value();
    auto const pid = mutant_ == Mutant::forgetful ? std::string(20, 'A') : pid_;
    if (!pid_.empty() && !offset_.empty()) claimed = Value::object({{"pid", pid}, {"offset", offset_}});
    if (!pid_.empty() && offset_.empty() && mutant_ != Mutant::no_start)
      claimed = Value::object({{"pid", pid}});
    say("40" + head_ + (claimed.is_undefined() ? "" : json::stringify(claimed)));
    state_ = State::claiming;
  }

  void connected(std::string_view answer, std::vector<Value>& heard) {
    Value value;
    static_cast<void>(json::parse(answer, value));
    id_ = value["sid"].as_string();
    auto const pid = std::string(value["pid"].get_if<std::string_view>().value_or(""));
    recovered_ =
        !pid_.empty() && (pid == pid_ || mutant_ == Mutant::silent || std::exchange(told_to_leave_, false));
    if (!recovered_ && forgets_offset_) offset_.clear();
    pid_ = pid;
    state_ = State::connected;
    news_ = true;
    drop_next_ = recovered_;
    if (recovered_) spoil(heard);
    for (auto const& event : std::exchange(before_connect_, {}))
      dispatch(event, heard);
    for (auto const& event : std::exchange(to_send_, {}))
      say("42" + head_ + event);
  }

  void spoil(std::vector<Value>& heard) {
    if (mutant_ == Mutant::gap && !before_connect_.empty()) before_connect_.erase(before_connect_.begin());
    if (mutant_ == Mutant::disorder) before_connect_ = {before_connect_.rbegin(), before_connect_.rend()};
    if (mutant_ == Mutant::doubled && !last_event_.empty()) dispatch(std::string(last_event_), heard);
  }

  /// As the official client does: the last argument of an event, if it is a text, is its offset.
  void dispatch(std::string_view event, std::vector<Value>& heard) {
    Value value;
    static_cast<void>(json::parse(event, value));
    auto const& args = value.as_array();
    if (auto const text = args.back().get_if<std::string_view>(); text && !pid_.empty()) {
      if (mutant_ != Mutant::stuck_offset || offset_.empty()) offset_ = *text;
    }
    last_event_ = event;
    heard.push_back(std::move(value));
  }

  /// A text message of the server, if one has come wholly.
  static std::optional<std::string> take_message(std::string& bytes) {
    auto const byte = [&](std::size_t at) {
      return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at]));
    };
    if (bytes.size() < 2) return std::nullopt;
    auto const length = byte(1);
    std::size_t const extra = length == 127 ? 8 : length == 126 ? 2 : 0;
    if (bytes.size() < 2 + extra) return std::nullopt;
    std::size_t size = extra == 0 ? length : 0;
    for (std::size_t i = 0; i < extra; ++i)
      size = size << 8U | byte(2 + i);
    if (bytes.size() < 2 + extra + size) return std::nullopt;
    auto message = bytes.substr(2 + extra, size);
    auto const is_text = byte(0) == 0x81;
    bytes.erase(0, 2 + extra + size);
    return is_text ? std::optional(std::move(message)) : std::optional(std::string());
  }

  test::ServerOnAClock* world_ = nullptr;
  std::string head_;
  Mutant mutant_;
  bool forgets_offset_;
  State state_ = State::away;
  std::optional<core::MemoryClient> end_;
  std::string bytes_;
  std::vector<Dead> dead_;
  std::string pid_;
  std::string offset_;
  std::string id_;
  std::vector<std::string> before_connect_;
  std::vector<std::string> to_send_;
  std::string last_event_;
  std::vector<Question> questions_;
  bool recovered_ = false;
  bool news_ = false;
  bool refused_ = false;
  bool drop_next_ = false;
  bool told_to_leave_ = false;
};

}  // namespace aerie::simulation
