#pragma once

#include "client/gate.hpp"

#include <aerie/client/listener.hpp>
#include <aerie/client/socket.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace client {

/// Who listens to everything, in one direction. Belongs to one shard; listeners may change it while they are
/// called.
class AnyListeners {
 public:
  void add(ListenerId id, AnyListener listener, bool first);
  void remove(ListenerId id);
  void clear();
  bool empty() const noexcept { return entries_.empty(); }
  void call(Event const& event, Gate& gate, core::UserCode const& code) const;

 private:
  struct Entry {
    ListenerId id;
    std::shared_ptr<AnyListener> listener;
  };
  std::vector<Entry> entries_;
};

/// Who listens to which event. Belongs to one shard; listeners may change it while they are called.
class ListenerTable {
 public:
  void add(std::string_view event, ListenerId id, std::shared_ptr<Listener> listener, bool once);
  void remove(ListenerId id);
  void remove(std::string_view event);
  void remove_named();
  void clear();

  /// Those who listen to all that comes, and to all that is sent.
  AnyListeners& incoming() noexcept { return incoming_; }
  AnyListeners& outgoing() noexcept { return outgoing_; }
  /// Calls those who listen to it, in the order in which they were added.
  void call(Event const& event, Gate& gate, std::string_view whom);

 private:
  struct Entry {
    ListenerId id;
    std::shared_ptr<Listener> listener;
    bool once;
  };

  std::map<std::string, std::vector<Entry>, std::less<>> listeners_;
  AnyListeners incoming_;
  AnyListeners outgoing_;
};

}}}  // namespace aerie::v1::client
