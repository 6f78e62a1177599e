#pragma once

/// \file
/// A log as an adapter keeps it, and the sessions beside it, in the memory of one process: several servers
/// over it, connections that break, replicas that take over, clocks that jump. What happens follows from what
/// the test does alone.

#include <aerie/core/anchor.hpp>
#include <aerie/socketio/adapter.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
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

/// A connection of a server to the log: what either side says arrives later, in its order.
class LogModel::Wire {
 public:
  /// Done at the log; returns what is done at the server with the answer.
  using Command = std::function<Work()>;

  Wire(LogModel& model, std::size_t server, core::AnchorRef where)
      : model_(model), server_(server), where_(std::move(where)) {}

  void ask(Command command, Work failed) {
    waiting_.push_back(
        {model_.now_ + model_.settings_.command_timeout, std::move(command), std::move(failed)});
  }
  void tell(Work work) {
    if (model_.reaches(server_)) from_.push_back({due(from_), std::move(work), {}});
  }
  /// What is due goes on.
  void pass() {
    if (!model_.reaches(server_)) {
      for (; !waiting_.empty() && waiting_.front().due <= model_.now_; waiting_.pop_front())
        where_.post(std::move(waiting_.front().failed));
      return;
    }
    for (; !waiting_.empty(); waiting_.pop_front()) {
      auto& next = waiting_.front();
      to_.push_back({due(to_), std::move(next.command), std::move(next.failed)});
    }
    for (; !to_.empty() && to_.front().due <= model_.now_; to_.pop_front())
      from_.push_back({due(from_), to_.front().command(), std::move(to_.front().failed)});
    for (; !from_.empty() && from_.front().due <= model_.now_; from_.pop_front())
      where_.post(std::move(from_.front().answer));
  }
  void cut() {
    execute_some();
    for (auto& each : std::exchange(from_, {}))
      if (each.failed) where_.post(std::move(each.failed));
    for (auto& each : std::exchange(to_, {}))
      where_.post(std::move(each.failed));
  }
  /// Some of what was said last has arrived.
  void execute_some() {
    for (auto const& each : to_) {
      if (!model_.arrived()) return;
      each.command();
    }
  }

 private:
  struct Asked {
    Time due;
    Command command;
    Work failed;
  };
  struct Answer {
    Time due;
    Work answer;
    Work failed;
  };
  template <class Way>
  Time due(Way const& way) const {
    return std::max(way.empty() ? Time{0} : way.back().due, model_.now_ + model_.delay());
  }

  LogModel& model_;
  std::size_t server_;
  core::AnchorRef where_;
  std::deque<Asked> waiting_;
  std::deque<Asked> to_;
  std::deque<Answer> from_;
};

/// The adapter of one of the servers. What is no business of a log (requests, what needs no order) goes
/// nowhere.
class LogModel::Server final : public Adapter, private socketio::EventLog {
 public:
  Server(LogModel& model, std::size_t number, ClusterMember& here)
      : model_(model),
        here_(here),
        anchor_(here.home()),
        commands_(model, number, anchor_.ref()),
        reading_(model, number, anchor_.ref()),
        number_(number) {
    model_.servers_.push_back(this);
  }
  ~Server() override {
    commands_.execute_some();
    std::erase(model_.servers_, this);
  }

  void open() override {
    open_ = true;
    here_.report(ClusterState::ready);
  }
  void close(UniqueFunction<void()> done) override {
    open_ = false;
    confirmed_ = {};
    for (auto& item : std::exchange(items_, {}))
      item.done(false);
    done();
  }
  void publish(Message const& /*message*/) override { here_.count_sent(); }
  void request(Message const& message) override { here_.expect(message->request, std::size_t{0}); }
  void count_servers(UniqueFunction<void(std::size_t)> done) override { done(model_.servers_.size()); }
  socketio::EventLog* event_log() noexcept override { return this; }
  void namespace_created(std::string_view nsp) override {
    spaces_.emplace(nsp);
    if (located_) here_.log_begins(nsp, std::max(position_, Position{0, 1}));
  }
  void namespace_closed(std::string_view nsp) override { spaces_.erase(std::string(nsp)); }

  std::size_t number() const { return number_; }
  std::string const& id() const { return here_.server_id(); }
  void pass() {
    if (!open_) return;
    commands_.pass();
    if (!reads_) read_on();
    reading_.pass();
  }
  void cut() {
    commands_.cut();
    reading_.cut();
    // In a turn of its own, behind the answers that it has got before.
    anchor_.ref().post([this] { check(); });
  }
  void taken(std::string const& pid) {
    commands_.tell([this, pid] { here_.session_taken(pid); });
  }
  std::string under_way() const {
    if (!items_.empty()) return "what is to be added";
    if (!located_) return "the question where it ends";
    return position_ == model_.state_.last && epoch_ == model_.state_.epoch ? "" : "what is to be read";
  }

 private:
  struct Item {
    std::uint64_t number;
    Message message;
    UniqueFunction<void(bool)> done;
  };

  // --- EventLog
  core::Milliseconds keeps_for() const noexcept override {
    return core::Milliseconds{static_cast<std::int64_t>(model_.settings_.keep_for)};
  }
  void append(Message const& message, UniqueFunction<void(bool)> done) override {
    items_.push_back({++last_number_, message, std::move(done)});
    send_next();
  }
  void read(std::string_view nsp, Position after,
            UniqueFunction<void(std::optional<std::vector<socketio::LoggedMessage>>)> done) override {
    using Messages = std::optional<std::vector<socketio::LoggedMessage>>;
    auto const tell = shared(std::move(done));
    commands_.ask(
        [this, nsp = std::string(nsp), after, tell]() -> Work {
          Messages messages;
          if (auto const entries = model_.range(nsp, after)) {
            messages.emplace();
            for (auto const& entry : *entries)
              messages->push_back({entry.at, *entry.message});
          }
          return [messages = std::make_shared<Messages>(std::move(messages)), tell] {
            (*tell)(std::move(*messages));
          };
        },
        [tell] { (*tell)(std::nullopt); });
  }
  void save(socketio::SessionRecord const& record, Times times, bool if_unknown,
            UniqueFunction<void(Kept)> done) override {
    auto const tell = shared(std::move(done));
    commands_.ask(
        [this, record, times, if_unknown, tell]() -> Work {
          auto const owner = model_.owner(record.pid);
          auto const is_unknown = owner.empty();
          if (!is_unknown && owner != record.owner) return [tell] { (*tell)(Kept::taken); };
          if (is_unknown && !if_unknown) return [tell] { (*tell)(Kept::unknown); };
          model_.state_.sessions[record.pid] = {record, model_.wall() + times.record.count(),
                                                ++model_.last_version_};
          model_.keep_owner(record.pid, record.owner, times.owner.count());
          return [tell] { (*tell)(Kept::yes); };
        },
        [tell] { (*tell)(Kept::failed); });
  }
  void load(std::string_view pid,
            UniqueFunction<void(std::optional<socketio::SessionRecord>)> done) override {
    auto const tell = shared(std::move(done));
    commands_.ask(
        [this, pid = std::string(pid), tell]() -> Work {
          auto const* const found = model_.find(pid);
          auto record = found == nullptr ? std::nullopt : std::optional(*found);
          if (record) {
            record->owner = model_.owner(pid);
            record->version = model_.version(pid);
          }
          return [record, tell] { (*tell)(record); };
        },
        [tell] { (*tell)(std::nullopt); });
  }
  void take(socketio::SessionRecord const& record, std::string_view taker,
            UniqueFunction<void(bool)> done) override {
    auto const tell = shared(std::move(done));
    commands_.ask(
        [this, pid = record.pid, owner = record.owner, version = record.version, taker = std::string(taker),
         tell]() -> Work {
          auto const is_taken =
              model_.find(pid) != nullptr && model_.owner(pid) == owner && model_.version(pid) == version;
          if (is_taken) {
            // As the script does: known for as long as the record is, or as its owner was.
            auto& now = model_.state_.owners[pid];
            now = {taker, std::max(now.until, model_.state_.sessions[pid].until)};
            for (auto* const server : model_.servers_)
              if (owner.starts_with(server->id() + ":")) server->taken(pid);
          }
          return [is_taken, tell] { (*tell)(is_taken); };
        },
        [tell] { (*tell)(false); });
  }
  void forget(std::string_view pid, std::string_view owner, core::Milliseconds time,
              UniqueFunction<void(bool)> done) override {
    auto const tell = shared(std::move(done));
    commands_.ask(
        [this, pid = std::string(pid), owner = std::string(owner), time, tell]() -> Work {
          auto const had = model_.owner(pid);
          if (had.empty() || had == owner) {
            model_.state_.sessions.erase(pid);
            model_.keep_owner(pid, "ended", time.count());
          }
          return [tell] { (*tell)(true); };
        },
        [tell] { (*tell)(false); });
  }

  void expire(std::string_view pid, std::string_view owner, core::Milliseconds time,
              UniqueFunction<void(Expiry)> done) override {
    auto const tell = shared(std::move(done));
    commands_.ask(
        [this, pid = std::string(pid), owner = std::string(owner), time, tell]() -> Work {
          auto const had = model_.owner(pid);
          auto expiry = Expiry::yes;
          if (!had.empty() && had != owner) {
            expiry = Expiry::elsewhere;
          } else if (model_.find(pid) != nullptr) {
            expiry = Expiry::not_yet;
          } else {
            model_.keep_owner(pid, "ended", time.count());
          }
          return [expiry, tell] { (*tell)(expiry); };
        },
        [tell] { (*tell)(Expiry::failed); });
  }
  void answer(std::string_view server, socketio::ClusterResponse const& response) override {
    for (auto* const other : model_.servers_) {
      if (other->id() != server) continue;
      other->commands_.tell([other, response] { other->here_.answered(response); });
    }
  }

  template <class Done>
  static std::shared_ptr<Done> shared(Done done) {
    return std::make_shared<Done>(std::move(done));
  }

  // --- What it adds: each once, whatever becomes of the connection
  void send_next() {
    while (!stalled_ && sent_ < items_.size()) {
      auto const& item = items_[sent_++];
      ++under_way_;
      commands_.ask(
          [this, number = item.number, message = item.message, writer = writer()]() -> Work {
            auto const epoch = model_.add(writer, number, id(), message);
            return [this, number, epoch] { answered(number, epoch); };
          },
          [this, number = item.number] { answered(number, std::nullopt); });
    }
  }
  Writer writer() const { return {id(), position_, first(), confirmed_}; }
  std::uint64_t first() const { return items_.empty() ? last_number_ + 1 : items_.front().number; }
  /// The log that it finds may be another one, which lacks the end.
  void check() {
    if (confirmed_ == Epoch{} || !open_) return;
    commands_.ask(
        [this, writer = writer()]() -> Work {
          model_.ensure(writer.seen);
          if (model_.has_lost(writer))
            model_.state_.writers[writer.name] = {writer.first - 1, model_.state_.epoch};
          return [this, epoch = model_.state_.epoch, asked = writer.first] {
            // As the StreamWriter does: what was confirmed meanwhile is not expected in another epoch.
            if (epoch != confirmed_ && asked != first()) return check();
            confirmed_ = epoch;
          };
        },
        [this] { check(); });
  }
  void answered(std::uint64_t number, std::optional<Epoch> epoch) {
    --under_way_;
    if (!open_) return;
    if (epoch) confirmed_ = *epoch;
    for (; epoch && !items_.empty() && items_.front().number <= number;) {
      auto item = std::move(items_.front());
      items_.pop_front();
      if (sent_ > 0) --sent_;
      item.done(true);
    }
    stalled_ = stalled_ || !epoch;
    if (!stalled_ || under_way_ > 0) return;
    stalled_ = false;
    sent_ = 0;
    send_next();
  }

  // --- What comes
  void read_on() {
    reads_ = true;
    constexpr std::size_t most = 8;
    reading_.ask(
        [this, position = position_, epoch = epoch_, located = located_]() -> Work {
          model_.ensure(position);
          auto batch = model_.read_from(located ? position : model_.state_.last,
                                        located ? epoch : model_.state_.epoch, most);
          return [this, batch = std::move(batch)] { take(batch); };
        },
        [this] { reads_ = false; });
  }
  void lose(Epoch epoch) {
    epoch_ = epoch;
    position_ = epoch.at;
    for (auto const& nsp : spaces_)
      here_.log_lost(nsp, position_);
  }
  /// The log begins anew, unless somebody else has seen to that.
  void renew(Epoch epoch) {
    reads_ = true;
    reading_.ask(
        [this, epoch]() -> Work {
          if (model_.state_.epoch == epoch) model_.begin_epoch(position_);
          return [this, renewed = model_.state_.epoch] {
            reads_ = false;
            // One that somebody else has begun may not stand behind what was read here, either.
            if (open_ && renewed.at > position_) lose(renewed);
          };
        },
        [this] { reads_ = false; });
  }
  void take(Batch const& batch) {
    reads_ = false;
    if (!open_) return;
    if (!located_) {
      located_ = true;
      position_ = batch.last;
      epoch_ = batch.epoch;
      for (auto const& nsp : spaces_)
        here_.log_begins(nsp, std::max(position_, Position{0, 1}));
      return;
    }
    // What stood at the end may not have come here: everybody is to know.
    if (batch.is_truncated || (batch.epoch != epoch_ && batch.epoch.at <= position_))
      return renew(batch.epoch);
    if (batch.epoch != epoch_) lose(batch.epoch);
    // What was cut off has not come here.
    if (batch.floor > position_) {
      position_ = batch.floor;
      for (auto const& nsp : spaces_)
        here_.log_lost(nsp, position_);
    }
    for (auto const& entry : batch.entries) {
      position_ = entry.at;
      if (!entry.message) continue;
      here_.count_received();
      here_.deliver_logged(*entry.message, entry.at, entry.uid == id());
    }
    if (batch.entries.empty()) return;
    for (auto const& nsp : spaces_)
      here_.log_read(nsp, position_);
  }

  LogModel& model_;
  ClusterMember& here_;
  core::Anchor anchor_;
  Wire commands_;
  Wire reading_;
  std::size_t number_;
  bool open_ = false;
  std::set<std::string> spaces_;
  // What it adds.
  std::deque<Item> items_;
  std::uint64_t last_number_ = 0;
  Epoch confirmed_{};
  std::size_t sent_ = 0;
  std::size_t under_way_ = 0;
  bool stalled_ = false;
  // What it reads.
  bool reads_ = false;
  bool located_ = false;
  Position position_{};
  Epoch epoch_{};
};

inline AdapterFactory LogModel::adapter(std::size_t number) {
  return [this, number](ClusterMember& here) { return std::make_unique<Server>(*this, number, here); };
}

inline void LogModel::pass(Time now) {
  now_ = now;
  for (auto* const server : std::vector(servers_))
    server->pass();
}

inline void LogModel::cut(std::size_t server, Time until) {
  down_until_[server] = std::max(down_until_[server], until);
  for (auto* const each : servers_)
    if (each->number() == server) each->cut();
}

inline std::vector<LogModel::Entry> LogModel::fail_over(Time until) {
  for (auto* const server : std::vector(servers_))
    cut(server->number(), until);
  std::vector<Entry> lost;
  auto const of_replica = std::exchange(replica_, std::nullopt);
  auto const last = of_replica->epoch == state_.epoch ? of_replica->last : Position{};
  for (auto const& entry : state_.entries)
    if (entry.at > last) lost.push_back(entry);
  state_ = *of_replica;
  return lost;
}

inline std::string LogModel::under_way() const {
  for (auto const* const server : servers_) {
    if (!reaches(server->number())) return "a connection";
    if (auto what = server->under_way(); !what.empty()) return what;
  }
  return "";
}

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
