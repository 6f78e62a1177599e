#pragma once

/// \file
/// The servers over the log, and what befalls them.

#include "unit/support/log_model/log.hpp"
#include "unit/support/log_model/wire.hpp"

#include <aerie/core/anchor.hpp>
#include <aerie/socketio/adapter.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie::test {

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

}  // namespace aerie::test
