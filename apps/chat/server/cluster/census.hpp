#pragma once

/// \file
/// What every instance of the chat says of itself (who is in which room, which names are taken in a channel),
/// known to all of them.
///
/// Each instance is the only one that speaks of its own, under keys, and numbers what it says. The others
/// keep its last word for each key. A message may be lost: who notices a number missing asks for everything
/// again. Who says nothing for long has ended without a word, and is forgotten. So all are right a moment
/// after all are connected, and while they are not, each knows its own.
///
/// A class without I/O: what is to be sent is handed out, what came and the time are put in. Thread contract:
/// `touch` and `others` from any thread; everything else in turns of one shard.

#include <aerie/core/clock.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/value.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace chat {

enum class CensusNews : std::uint8_t {
  alive,    ///< I am here, and this is the number of my last change.
  changes,  ///< The number of this change, and what has changed; null: there is nothing more under that key.
  all,      ///< Everything I have, up to this number.
  ask,      ///< Say everything.
  bye,      ///< I end.
};
void describe(aerie::EnumSchema<CensusNews>& e);

struct CensusMessage {
  CensusNews news = CensusNews::alive;
  /// Whose word it is; another one after each start.
  std::string from;
  std::int64_t number = 0;
  /// Of `ask`: who shall say; empty: everybody.
  std::string to;
  std::map<std::string, aerie::Value> entries;

  static void describe(aerie::Schema<CensusMessage>& s);
};

class Census {
 public:
  /// What this instance has to say under a key; null: nothing any more.
  using Source = std::function<aerie::Value(std::string_view key)>;
  /// To every other instance.
  using Send = std::function<void(CensusMessage const&)>;
  /// What others say under this key is not what it was.
  using Changed = std::function<void(std::string const& key)>;

  static constexpr auto beat = std::chrono::seconds{2};
  /// An instance that was not heard for so long is forgotten: four beats.
  static constexpr auto patience = std::chrono::seconds{8};

  /// `id`: this instance's, until it ends.
  explicit Census(std::string id) : id_(std::move(id)) {}
  Census(Census const&) = delete;
  Census& operator=(Census const&) = delete;

  // --- While the program is put together

  /// The keys that begin with `prefix` are a family: `source` says what there is of this instance's,
  /// `changed` is told of the others'.
  void add_family(std::string prefix, Source source, Changed changed);
  /// There are others, and this is the way to them. Without it nothing is sent, and nothing costs anything.
  /// `wake` is called, on any thread, when there is something for `flush` to do; once until then.
  void connect(Send send, std::function<void()> wake);

  // --- From any thread

  /// What this instance has to say under `key` has changed.
  void touch(std::string const& key);
  /// The last words of all others under `key`.
  std::vector<aerie::Value> others(std::string const& key) const;

  // --- In turns of one shard

  /// Says hello; the others answer with what they have.
  void open(aerie::core::TimePoint now);
  /// Says what has been touched.
  void flush();
  /// Once a second or so: says that this instance is there, forgets those that are not.
  void tick(aerie::core::TimePoint now);
  void received(CensusMessage const& message, aerie::core::TimePoint now);
  void close();

  /// Other instances that are known.
  std::size_t peers() const;

 private:
  using Entries = std::map<std::string, aerie::Value>;
  struct Peer {
    std::int64_t number = 0;
    Entries entries;
    aerie::core::TimePoint heard;
    /// It is known to have said something that was not heard.
    bool is_behind = true;
    /// When it was asked for what is missing.
    std::optional<aerie::core::TimePoint> asked;
  };
  struct Family {
    std::string prefix;
    Source source;
    Changed changed;
  };

  void say(CensusNews news, Entries entries = {}, std::string to = {});
  void say_all();
  Family const* family_of(std::string_view key) const;
  aerie::Value own(std::string const& key) const;
  void learn(Peer& peer, CensusMessage const& message, std::set<std::string>& changed);
  void forget(std::string const& id);
  void tell(std::set<std::string> const& changed) const;

  std::string const id_;
  std::vector<Family> families_;
  Send send_;
  std::function<void()> wake_;

  // Of the shard.
  std::set<std::string> mine_;
  std::int64_t number_ = 0;
  aerie::core::TimePoint last_beat_{};

  std::mutex mutable mutex_;
  std::set<std::string> touched_;
  std::map<std::string, Peer> peers_;
};

}  // namespace chat
