#pragma once

/// \file
/// Intrusive lists: what waits in one is a member of it by inheritance, so that joining and leaving cost no
/// allocation. Belongs to one thread.

namespace aerie { inline namespace v1 { namespace core {

/// A place in a circular list. Destroying it leaves the list.
class Linked {
 public:
  Linked(Linked const&) = delete;
  Linked& operator=(Linked const&) = delete;

  bool linked() const noexcept { return next_ != nullptr; }
  void unlink() noexcept {
    if (next_ == nullptr) return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    next_ = previous_ = nullptr;
  }

 protected:
  Linked() noexcept = default;
  ~Linked() { unlink(); }

 private:
  template <class>
  friend class LinkedList;
  Linked* previous_ = nullptr;
  Linked* next_ = nullptr;
};

/// A list of T, which derives from Linked. Does not own its members: what is left at the end is let go.
template <class T>
class LinkedList {
 public:
  LinkedList() noexcept { head_.previous_ = head_.next_ = &head_; }
  ~LinkedList() {
    while (!empty())
      head_.next_->unlink();
    head_.next_ = nullptr;
  }
  LinkedList(LinkedList const&) = delete;
  LinkedList& operator=(LinkedList const&) = delete;

  bool empty() const noexcept { return head_.next_ == &head_; }
  /// REQUIRES: not empty.
  T& front() const noexcept { return static_cast<T&>(*head_.next_); }

  /// Puts `item` at the end, taking it out of the list that it is in.
  void push_back(T& item) noexcept {
    static_cast<Linked&>(item).unlink();
    link_before(head_, item);
  }

  /// Puts `item` at the beginning, taking it out of the list that it is in.
  void push_front(T& item) noexcept {
    static_cast<Linked&>(item).unlink();
    link_before(*head_.next_, item);
  }

  /// Calls `visit` with each, in their order. REQUIRES: it changes nothing in the list.
  template <class F>
  void for_each(F visit) const {
    for (auto* link = head_.next_; link != &head_; link = link->next_)
      visit(static_cast<T&>(*link));
  }

  /// Moves everything that is in `other` to the end of this list.
  void take(LinkedList& other) noexcept {
    if (other.empty()) return;
    auto& theirs = other.head_;
    theirs.next_->previous_ = head_.previous_;
    theirs.previous_->next_ = &head_;
    head_.previous_->next_ = theirs.next_;
    head_.previous_ = theirs.previous_;
    theirs.previous_ = theirs.next_ = &theirs;
  }

 private:
  /// REQUIRES: `link` is in no list.
  static void link_before(Linked& next, Linked& link) noexcept {
    link.previous_ = next.previous_;
    link.next_ = &next;
    next.previous_->next_ = &link;
    next.previous_ = &link;
  }

  struct Head : Linked {};
  Head head_;
};

}}}  // namespace aerie::v1::core
