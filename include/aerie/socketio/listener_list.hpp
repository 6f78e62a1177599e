#pragma once

/// \file
/// What is called for something that happens, in order: handlers, middlewares, catch-all listeners.

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

/// Names one listener where it was registered, to remove it by.
enum class ListenerId : std::uint64_t {};

namespace socketio {

/// Listeners as Node's EventEmitter keeps them: whoever calls them takes a `snapshot` first, which changes
/// neither with what they add nor with what they remove, and keeps them all alive until it goes. Belongs to
/// one thread, or to all once nothing changes it any more.
template <class T>
class ListenerList {
 public:
  struct Entry {
    ListenerId id;
    std::shared_ptr<T> listener;
  };
  using Entries = std::vector<Entry>;

  /// The listeners at one time. Empty ones are cheap.
  class Snapshot {
   public:
    Snapshot() noexcept = default;
    explicit Snapshot(std::shared_ptr<Entries const> entries) noexcept : entries_(std::move(entries)) {}
    std::size_t size() const noexcept { return entries_ ? entries_->size() : 0; }
    T& operator[](std::size_t index) const noexcept { return *(*entries_)[index].listener; }
    std::shared_ptr<T> const& share(std::size_t index) const noexcept { return (*entries_)[index].listener; }
    /// Calls `call` with each.
    template <class Call>
    void each(Call call) const {
      for (std::size_t i = 0; i < size(); ++i)
        call((*this)[i]);
    }

   private:
    std::shared_ptr<Entries const> entries_;
  };

  bool empty() const noexcept { return !entries_ || entries_->empty(); }
  std::size_t size() const noexcept { return entries_ ? entries_->size() : 0; }
  Snapshot snapshot() const noexcept { return empty() ? Snapshot() : Snapshot(entries_); }

  void append(ListenerId id, std::shared_ptr<T> listener) {
    auto& entries = own();
    entries.push_back({id, std::move(listener)});
  }
  void prepend(ListenerId id, std::shared_ptr<T> listener) {
    auto& entries = own();
    entries.insert(entries.begin(), {id, std::move(listener)});
  }
  /// True if there was one of that name.
  bool remove(ListenerId id) {
    return !empty() && std::erase_if(own(), [id](Entry const& entry) { return entry.id == id; }) > 0;
  }
  /// What is running goes on to its end.
  void clear() noexcept { entries_.reset(); }

 private:
  /// The entries, to be changed: a copy if somebody is calling them.
  Entries& own() {
    if (!entries_) {
      entries_ = std::make_shared<Entries>();
    } else if (entries_.use_count() > 1) {
      entries_ = std::make_shared<Entries>(*entries_);
    }
    return *entries_;
  }

  std::shared_ptr<Entries> entries_;
};

}  // namespace socketio
}}  // namespace aerie::v1
