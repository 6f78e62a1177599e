#pragma once

/// \file
/// Heads of requests that are kept for long, such as the handshakes of idle sessions, without what a thousand
/// of them say alike.

#include <aerie/core/account.hpp>
#include <aerie/core/api.hpp>
#include <aerie/core/keyed_table.hpp>
#include <aerie/http/request_head.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// Heads that share what they have in common: host, origin, the browser and what it understands stand there
/// once for all clients that send them alike. What is each client's own (cookies, credentials, the
/// WebSocket's key, forwarded addresses, every header whose name is not known) stays with its head.
///
/// What is shared goes with the last of them, and is charged to the account meanwhile. Clients cannot aim at
/// its table, whose hash is keyed; one that sends what nobody else does costs what it has sent, and about 60
/// bytes.
///
/// Belongs to its account's shard. The heads themselves may be copied, read and dropped on any thread, and
/// outlive it.
class AERIE_API KeptHeads {
 public:
  /// What is shared is charged to `account`, which has to outlive it.
  explicit KeptHeads(core::Account& account) noexcept : charge_(account, 0) {}
  ~KeptHeads();
  KeptHeads(KeptHeads const&) = delete;
  KeptHeads& operator=(KeptHeads const&) = delete;

  /// Whether others will have the same target.
  enum class Target : bool { own, common };

  /// The same head for long: where there is no memory for it, as it is. To be let go of.
  /// REQUIRES: no other KeptHeads keeps it.
  RequestHead keep(RequestHead const& head, Target target) noexcept;
  /// Its keeper needs it no more; copies may still be there.
  void let_go(RequestHead const& head) noexcept;

  /// How many different ones there are.
  std::size_t size() const noexcept { return table_.size(); }

 private:
  using Common = RequestHead::Common;
  struct Key {
    std::string_view text;
    std::uint64_t hash;
    bool operator==(Key const& other) const noexcept { return text == other.text; }
  };
  struct KeyOf {
    Key operator()(Common const& common) const noexcept {
      return {{common.text(), common.size}, common.hash};
    }
  };
  struct Hash {
    std::size_t operator()(Key const& key) const noexcept { return static_cast<std::size_t>(key.hash); }
  };

  void take_apart(RequestHead const& head, Target target);
  RequestHead shared(RequestHead const& head, Target target);
  Common& common_of_text();
  static std::size_t memory_of(Common const& common) noexcept;

  core::KeyedTable<Common*, KeyOf, Hash> table_;
  core::Charge charge_;
  Common* last_ = nullptr;  // of those in the table
  // Of the head that is being taken apart.
  std::string text_;
  std::string own_;
};

}}}  // namespace aerie::v1::http
