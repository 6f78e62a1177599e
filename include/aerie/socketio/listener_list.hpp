#pragma once

/// \file
/// What is called for something that happens, in order: handlers, middlewares, catch-all listeners.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

/// Names one listener where it was registered, to remove it by.
enum class ListenerId : std::uint64_t {};

namespace socketio {

/// Who may be calling the listeners of a list.
enum class Callers : std::uint8_t {
  one_thread,  ///< The thread that changes the list, too.
  many,        ///< Several at once: nobody changes it any more.
};

/// Listeners as Node's EventEmitter keeps them: whoever calls them takes a `snapshot` first, which changes
/// neither with what they add nor with what they remove, and keeps them all alive until it goes.
///
/// Belongs to one thread, or to all once nothing changes it any more. A snapshot is taken for each message,
/// so it costs no locked instruction: on one thread it is counted by a plain number, and where several read
/// it there is nothing to be kept from changing, and nothing is written that they would take from each other.
template <class T>
class ListenerList {
 public:
  struct Entry {
    ListenerId id;
    std::shared_ptr<T> listener;
  };

 private:
  struct Entries {
    std::vector<Entry> all;   // never empty
    std::size_t holders = 1;  // the list, and snapshots
    void release() noexcept {
      if (--holders == 0) delete this;
    }
  };

 public:
  /// The listeners at one time. Stays on its thread, and goes before a list that many call.
  class Snapshot {
   public:
    Snapshot() noexcept = default;
    Snapshot(Snapshot&& other) noexcept
        : begin_(std::exchange(other.begin_, nullptr)),
          end_(std::exchange(other.end_, nullptr)),
          counted_(std::exchange(other.counted_, nullptr)) {}
    Snapshot& operator=(Snapshot&& other) noexcept {
      std::swap(begin_, other.begin_);
      std::swap(end_, other.end_);
      std::swap(counted_, other.counted_);
      return *this;
    }
    ~Snapshot() {
      if (counted_ != nullptr) counted_->release();
    }

    std::size_t size() const noexcept { return static_cast<std::size_t>(end_ - begin_); }
    std::shared_ptr<T> const& share(std::size_t index) const noexcept { return begin_[index].listener; }
    /// Calls `call` with each, as long as it returns true. True if it always has.
    template <class Call>
    bool while_true(Call call) const {
      for (auto const* entry = begin_; entry != end_; ++entry) {
        if (!call(*entry->listener)) return false;
      }
      return true;
    }
    /// Calls `call` with each.
    template <class Call>
    void each(Call call) const {
      for (auto const* entry = begin_; entry != end_; ++entry)
        call(*entry->listener);
    }

   private:
    friend class ListenerList;
    Snapshot(Entries& entries, Callers callers) noexcept
        : begin_(entries.all.data()), end_(begin_ + entries.all.size()) {
      if (callers == Callers::many) return;
      counted_ = &entries;
      ++entries.holders;
    }

    Entry const* begin_ = nullptr;
    Entry const* end_ = nullptr;
    Entries* counted_ = nullptr;
  };

  ListenerList() noexcept = default;
  ListenerList(ListenerList&& other) noexcept : entries_(std::exchange(other.entries_, nullptr)) {}
  ListenerList& operator=(ListenerList&& other) noexcept {
    std::swap(entries_, other.entries_);
    return *this;
  }
  ~ListenerList() { clear(); }

  bool empty() const noexcept { return entries_ == nullptr; }
  std::size_t size() const noexcept { return empty() ? 0 : entries_->all.size(); }
  Snapshot snapshot(Callers callers = Callers::one_thread) const noexcept {
    return empty() ? Snapshot() : Snapshot(*entries_, callers);
  }

  void append(ListenerId id, std::shared_ptr<T> listener) { insert(size(), {id, std::move(listener)}); }
  void prepend(ListenerId id, std::shared_ptr<T> listener) { insert(0, {id, std::move(listener)}); }
  /// True if there was one of that name.
  bool remove(ListenerId id) {
    if (empty()) return false;
    auto& all = own().all;
    auto const removed = std::erase_if(all, [id](Entry const& entry) { return entry.id == id; }) > 0;
    if (all.empty()) clear();
    return removed;
  }
  /// What is running goes on to its end.
  void clear() noexcept {
    if (auto* const entries = std::exchange(entries_, nullptr)) entries->release();
  }

 private:
  void insert(std::size_t place, Entry entry) {
    if (empty()) {
      auto first = std::make_unique<Entries>();
      first->all.push_back(std::move(entry));
      entries_ = first.release();
      return;
    }
    auto& all = own().all;
    all.insert(all.begin() + static_cast<std::ptrdiff_t>(place), std::move(entry));
  }
  /// The entries, to be changed: a copy if somebody is calling them. REQUIRES: not empty.
  Entries& own() {
    if (entries_->holders > 1) {
      auto copy = std::make_unique<Entries>();
      copy->all = entries_->all;
      entries_->release();
      entries_ = copy.release();
    }
    return *entries_;
  }

  Entries* entries_ = nullptr;
};

}  // namespace socketio
}}  // namespace aerie::v1
