#include "cluster/census.hpp"

#include <utility>

namespace chat {

namespace {

/// An answer that has everything in it takes a moment.
constexpr auto ask_interval = std::chrono::seconds{1};

}  // namespace

void describe(aerie::EnumSchema<CensusNews>& e) {
  e.value<CensusNews::alive>("alive")
      .value<CensusNews::changes>("changes")
      .value<CensusNews::all>("all")
      .value<CensusNews::ask>("ask")
      .value<CensusNews::bye>("bye");
}

void CensusMessage::describe(aerie::Schema<CensusMessage>& s) {
  s.field<&CensusMessage::news>();
  s.field<&CensusMessage::from>();
  s.field<&CensusMessage::number>();
  s.field<&CensusMessage::to>();
  s.field<&CensusMessage::entries>();
}

void Census::add_family(std::string prefix, Source source, Changed changed) {
  families_.push_back({std::move(prefix), std::move(source), std::move(changed)});
}

void Census::connect(Send send, std::function<void()> wake) {
  send_ = std::move(send);
  wake_ = std::move(wake);
}

void Census::touch(std::string const& key) {
  if (!send_) return;
  bool is_first = false;
  {
    std::scoped_lock const lock(mutex_);
    is_first = touched_.empty();
    touched_.insert(key);
  }
  if (is_first) wake_();
}

std::vector<aerie::Value> Census::others(std::string const& key) const {
  std::vector<aerie::Value> words;
  if (!send_) return words;
  std::scoped_lock const lock(mutex_);
  for (auto const& [id, peer] : peers_)
    if (auto const found = peer.entries.find(key); found != peer.entries.end())
      words.push_back(found->second);
  return words;
}

std::size_t Census::peers() const {
  std::scoped_lock const lock(mutex_);
  return peers_.size();
}

void Census::open(aerie::core::TimePoint now) {
  last_beat_ = now;
  say(CensusNews::ask);
  say_all();
}

void Census::flush() {
  std::set<std::string> touched;
  {
    std::scoped_lock const lock(mutex_);
    touched.swap(touched_);
  }
  Entries changes;
  for (auto const& key : touched) {
    auto word = own(key);
    auto const was_there = word.is_null() ? mine_.erase(key) != 0 : !mine_.insert(key).second;
    // What came and went between two flushes is no news.
    if (!word.is_null() || was_there) changes.emplace(key, std::move(word));
  }
  if (changes.empty()) return;
  ++number_;
  say(CensusNews::changes, std::move(changes));
}

void Census::tick(aerie::core::TimePoint now) {
  if (!send_) return;
  if (now - last_beat_ >= beat) {
    last_beat_ = now;
    say(CensusNews::alive);
  }
  std::vector<std::string> silent;
  {
    std::scoped_lock const lock(mutex_);
    for (auto const& [id, peer] : peers_)
      if (now - peer.heard >= patience) silent.push_back(id);
  }
  for (auto const& id : silent)
    forget(id);
}

void Census::received(CensusMessage const& message, aerie::core::TimePoint now) {
  if (message.from == id_ || message.from.empty()) return;
  if (message.news == CensusNews::bye) return forget(message.from);
  if (message.news == CensusNews::ask) {
    if (message.to.empty() || message.to == id_) say_all();
    return;
  }
  bool asks = false;
  std::set<std::string> changed;
  {
    std::scoped_lock const lock(mutex_);
    auto& peer = peers_[message.from];
    peer.heard = now;
    learn(peer, message, changed);
    asks = peer.is_behind && (!peer.asked || now - *peer.asked >= ask_interval);
    if (asks) peer.asked = now;
  }
  tell(changed);
  if (asks) say(CensusNews::ask, {}, message.from);
}

/// With the lock held.
void Census::learn(Peer& peer, CensusMessage const& message, std::set<std::string>& changed) {
  auto const set = [&](std::string const& key, aerie::Value const& word) {
    auto const known = peer.entries.find(key);
    if (word.is_null()) {
      if (known == peer.entries.end()) return;
      peer.entries.erase(known);
    } else if (known == peer.entries.end()) {
      peer.entries.emplace(key, word);
    } else if (known->second != word) {
      known->second = word;
    } else {
      return;
    }
    changed.insert(key);
  };
  if (message.news == CensusNews::all) {
    // An answer to somebody else's question may be older than what is known.
    if (!peer.is_behind && message.number < peer.number) return;
    for (auto const& [key, word] : Entries(peer.entries))
      if (!message.entries.contains(key)) set(key, aerie::Value(nullptr));
    for (auto const& [key, word] : message.entries)
      set(key, word);
    peer.number = message.number;
    peer.is_behind = false;
    return;
  }
  auto const expected = message.news == CensusNews::changes ? peer.number + 1 : peer.number;
  if (message.number < expected) return;
  // Its words hold even if some before them are missing; those are asked for.
  for (auto const& [key, word] : message.entries)
    set(key, word);
  if (message.number > expected) peer.is_behind = true;
  peer.number = message.number;
}

void Census::close() {
  if (!send_) return;
  say(CensusNews::bye);
}

void Census::say(CensusNews news, Entries entries, std::string to) {
  if (!send_) return;
  CensusMessage const message{news, id_, number_, std::move(to), std::move(entries)};
  send_(message);
}

void Census::say_all() {
  Entries all;
  for (auto const& key : mine_) {
    auto word = own(key);
    // What has gone is touched, and will be said to have gone.
    if (!word.is_null()) all.emplace(key, std::move(word));
  }
  say(CensusNews::all, std::move(all));
}

Census::Family const* Census::family_of(std::string_view key) const {
  for (auto const& family : families_)
    if (key.starts_with(family.prefix)) return &family;
  return nullptr;
}

aerie::Value Census::own(std::string const& key) const {
  auto const* const family = family_of(key);
  return family == nullptr ? aerie::Value(nullptr) : family->source(key);
}

void Census::forget(std::string const& id) {
  std::set<std::string> changed;
  {
    std::scoped_lock const lock(mutex_);
    auto const peer = peers_.find(id);
    if (peer == peers_.end()) return;
    for (auto const& [key, word] : peer->second.entries)
      changed.insert(key);
    peers_.erase(peer);
  }
  tell(changed);
}

void Census::tell(std::set<std::string> const& changed) const {
  for (auto const& key : changed)
    if (auto const* const family = family_of(key)) family->changed(key);
}

}  // namespace chat
