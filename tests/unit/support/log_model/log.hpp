#pragma once

/// \file
/// The log and the sessions beside it, as scripts in Redis keep them.

#include <aerie/socketio/adapter.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie::test {

/// What the servers have in common: a Redis with one stream. It outlives them.
class LogModel {
 public:
  using Time = std::uint64_t;  // milliseconds
  using Position = socketio::LogPosition;
  using Message = std::shared_ptr<socketio::ClusterMessage const>;
  using Work = std::function<void()>;

  struct Settings {
    Time keep_for = 300'000;
    std::size_t ceiling = 100'000;
    /// Until a command that finds no connection has failed.
    Time command_timeout = 5'000;
  };
  struct Entry {
    Position at;
    Message message;  // null: here the log begins
    std::string uid;
  };

  explicit LogModel(Settings settings) : settings_(settings) {}
  LogModel() : LogModel(Settings{}) {}

  /// That of a server. `number` names it in the calls that follow.
  AdapterFactory adapter(std::size_t number);

  /// How long something is on its way to the log, or from there.
  std::function<Time()> delay = [] { return Time{0}; };
  /// Whether what was on its way when a connection broke had arrived.
  std::function<bool()> arrived = [] { return false; };
  /// Told of each entry when it is added.
  std::function<void(Entry const&)> on_added = [](Entry const&) {};

  /// What is due by now is done: servers have it with their next turn.
  void pass(Time now);

  // --- Faults
  /// The connections of a server break, and none comes about before `until`.
  void cut(std::size_t server, Time until);
  /// All of it is gone.
  void flush() { state_ = {}; }
  /// The replica has everything as of now, and nothing that comes later.
  void copy() { replica_ = state_; }
  /// It takes over. What that loses.
  std::vector<Entry> fail_over(Time until);
  /// Whether positions are given by the clock, and not by the last one that there ever was, which it has
  /// fallen behind.
  bool is_ahead() const { return wall() > static_cast<std::int64_t>(highest_.time); }
  bool has_replica() const { return replica_.has_value(); }
  void jump(std::int64_t by) { offset_ += by; }

  // --- What is in it
  std::vector<Entry> entries() const { return {state_.entries.begin(), state_.entries.end()}; }
  std::size_t session_count() const { return state_.sessions.size(); }
  socketio::SessionRecord const* session(std::string const& pid) { return find(pid); }
  /// How often the ceiling has cut off what was to be kept.
  std::uint64_t cut_early() const { return cut_early_; }
  /// When a server was without it last.
  Time disturbed(std::size_t server) const {
    auto const found = down_until_.find(server);
    return found == down_until_.end() ? 0 : found->second;
  }
  /// Whether anything is on its way, or has not been read yet.
  bool is_quiet() const { return under_way().empty(); }
  /// Whether a server can say anything to it.
  bool reaches(std::size_t server) const {
    auto const found = down_until_.find(server);
    return found == down_until_.end() || found->second <= now_;
  }
  /// What that is.
  std::string under_way() const;

 private:
  class Server;
  class Wire;
  struct Kept {
    socketio::SessionRecord record;
    std::int64_t until;
    std::uint64_t version;
  };
  struct Owner {
    std::string name;
    std::int64_t until;
  };
  /// Two that begin at one position are two.
  struct Epoch {
    Position at{};
    std::uint64_t number = 0;
    bool operator==(Epoch const&) const = default;
  };
  struct State {
    std::deque<Entry> entries;
    Position last{};
    Epoch epoch{};
    Position floor{};
    std::map<std::string, Kept> sessions;
    std::map<std::string, Owner> owners;
    /// The last number of each, and the epoch that it is in.
    std::map<std::string, std::pair<std::uint64_t, Epoch>> writers;
  };
  /// What a reader is told.
  struct Batch {
    Epoch epoch;
    Position last;
    Position floor;
    bool is_truncated = false;
    std::vector<Entry> entries;
  };

  std::int64_t wall() const { return first_time + static_cast<std::int64_t>(now_) + offset_; }
  Position next_position() const {
    auto const time = static_cast<std::uint64_t>(std::max<std::int64_t>(wall(), 1));
    return time > state_.last.time ? Position{time, 0} : Position{state_.last.time, state_.last.number + 1};
  }
  /// Behind what somebody has seen: positions never go back, whatever the clock does.
  void begin_epoch(Position seen) {
    state_.last = std::max(state_.last, seen);
    state_.last = next_position();
    highest_ = std::max(highest_, state_.last);
    state_.epoch = {state_.last, ++last_epoch_};
    state_.entries.push_back({state_.last, {}, {}});
  }
  void ensure(Position seen) {
    if (state_.epoch.at.is_begin()) begin_epoch(seen);
  }
  /// What a writer says of itself: its name, how far its server has read, the first number that is not
  /// confirmed, and the epoch of the last one that was, if one was.
  struct Writer {
    std::string name;
    Position seen;
    std::uint64_t first;
    Epoch confirmed;
  };
  /// Its epoch, or nothing if an earlier one is missing.
  std::optional<Epoch> add(Writer const& writer, std::uint64_t number, std::string const& uid,
                           Message const& message);
  /// Begins the log anew if it has lost what it had confirmed, and nobody has noticed yet.
  bool has_lost(Writer const& writer);
  void trim();
  Batch read_from(Position position, Epoch epoch, std::size_t most);
  std::optional<std::vector<Entry>> range(std::string const& nsp, Position after) const;
  socketio::SessionRecord const* find(std::string const& pid);
  std::string version(std::string const& pid) const {
    auto const found = state_.sessions.find(pid);
    return found == state_.sessions.end() ? "" : std::to_string(found->second.version);
  }
  /// Nobody is the empty one.
  std::string owner(std::string const& pid);
  void keep_owner(std::string const& pid, std::string_view name, std::int64_t time) {
    state_.owners[pid] = {std::string(name), wall() + time};
  }

  static constexpr std::int64_t first_time = 1'000'000;

  Settings settings_;
  Time now_ = 0;
  std::int64_t offset_ = 0;
  State state_;
  std::optional<State> replica_;
  std::map<std::size_t, Time> down_until_;
  std::vector<Server*> servers_;
  std::uint64_t cut_early_ = 0;
  Position highest_{};
  std::uint64_t last_version_ = 0;
  std::uint64_t last_epoch_ = 0;
};

inline std::optional<LogModel::Epoch> LogModel::add(Writer const& writer, std::uint64_t number,
                                                    std::string const& uid, Message const& message) {
  ensure(writer.seen);
  auto const is_lost = has_lost(writer);
  auto const known = state_.writers.find(writer.name);
  auto const last = is_lost || known == state_.writers.end() ? writer.first - 1 : known->second.first;
  if (number <= last) return known->second.second;
  if (number > last + 1) return std::nullopt;
  state_.last = next_position();
  highest_ = std::max(highest_, state_.last);
  state_.writers[writer.name] = {number, state_.epoch};
  state_.entries.push_back({state_.last, message, uid});
  trim();
  on_added(state_.entries.back());
  return state_.epoch;
}

inline bool LogModel::has_lost(Writer const& writer) {
  auto const known = state_.writers.find(writer.name);
  if (known != state_.writers.end() && known->second.first + 1 >= writer.first) return false;
  if (state_.epoch == writer.confirmed) begin_epoch(writer.seen);
  return true;
}

inline void LogModel::trim() {
  auto& entries = state_.entries;
  auto& floor = state_.floor;
  auto const oldest = wall() - static_cast<std::int64_t>(settings_.keep_for);
  auto const is_old = [&](Entry const& entry) { return static_cast<std::int64_t>(entry.at.time) < oldest; };
  // The floor is the last one that is not there any more.
  for (; entries.size() > 1 && is_old(entries.front()); entries.pop_front())
    floor = entries.front().at;
  for (; entries.size() > settings_.ceiling; entries.pop_front()) {
    floor = entries.front().at;
    ++cut_early_;
  }
}

inline LogModel::Batch LogModel::read_from(Position position, Epoch epoch, std::size_t most) {
  Batch batch{state_.epoch, state_.last, state_.floor, false, {}};
  auto const& entries = state_.entries;
  if (epoch == state_.epoch) {
    auto const at = std::ranges::lower_bound(entries, position, {}, &Entry::at);
    auto const is_there = at != entries.end() && at->at == position;
    batch.is_truncated = state_.last < position || (!is_there && position > state_.floor);
  } else {
    position = state_.epoch.at;
  }
  for (auto at = std::ranges::upper_bound(entries, position, {}, &Entry::at);
       at != entries.end() && batch.entries.size() < most; ++at)
    batch.entries.push_back(*at);
  return batch;
}

inline std::optional<std::vector<LogModel::Entry>> LogModel::range(std::string const& nsp,
                                                                   Position after) const {
  if (state_.epoch.at.is_begin() || after < state_.epoch.at || after < state_.floor) return std::nullopt;
  std::vector<Entry> found;
  for (auto const& entry : state_.entries) {
    if (entry.at > after && entry.message && entry.message->nsp == nsp) found.push_back(entry);
  }
  return found;
}

inline socketio::SessionRecord const* LogModel::find(std::string const& pid) {
  auto const found = state_.sessions.find(pid);
  if (found == state_.sessions.end()) return nullptr;
  if (found->second.until > wall()) return &found->second.record;
  state_.sessions.erase(found);
  return nullptr;
}

inline std::string LogModel::owner(std::string const& pid) {
  auto const found = state_.owners.find(pid);
  if (found == state_.owners.end()) return "";
  if (found->second.until > wall()) return found->second.name;
  state_.owners.erase(found);
  return "";
}

}  // namespace aerie::test
