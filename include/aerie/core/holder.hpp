#pragma once

/// \file
/// Who holds memory for a peer that does not go on, so that the fullest can be given up when there is too
/// little of it. Belongs to one shard.

#include <aerie/core/account.hpp>
#include <aerie/core/api.hpp>
#include <aerie/core/linked.hpp>

#include <cstddef>

namespace aerie { inline namespace v1 { namespace core {

class Holders;

/// One that holds memory for its peer: a stream or a long poll whose peer is behind, a message that waits for
/// its last part. It exists only as long as there is something to wait for.
class AERIE_API Holder : public Linked {
 public:
  virtual ~Holder() = default;
  std::size_t held() const noexcept { return charge_.bytes(); }
  /// Lets go of all that is held, at once, and of the peer later: nobody is called from here. It is asked
  /// once, and may destroy itself.
  virtual void shed() noexcept = 0;

 protected:
  explicit Holder(Holders& all) noexcept;
  /// From now on that many bytes are held.
  void hold(std::size_t bytes) noexcept { charge_.resize(bytes); }

 private:
  friend class Holders;
  Charge charge_;
};

/// All of a shard.
class AERIE_API Holders {
 public:
  explicit Holders(Account& above) noexcept : account_(&above) {}

  /// What they hold together; it is part of what is held above.
  Account const& account() const noexcept { return account_; }

  struct Shed {
    std::size_t count = 0;
    std::size_t bytes = 0;
  };
  /// Has the fullest let go, one after the other, until `bytes` have become free or none is left.
  Shed shed(std::size_t bytes);

 private:
  friend class Holder;
  Account account_;
  LinkedList<Holder> all_;
};

inline Holder::Holder(Holders& all) noexcept : charge_(all.account_, 0) {
  all.all_.push_back(*this);
}

}}}  // namespace aerie::v1::core
