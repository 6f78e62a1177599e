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

/// Who listens to which event. Belongs to one shard; listeners may change it while they are called.
class ListenerTable {
 public:
  void add(std::string_view event, ListenerId id, std::shared_ptr<Listener> listener, bool once);
  void add_any(ListenerId id, AnyListener listener);
  void remove(ListenerId id);
  void remove(std::string_view event);
  void remove_any() { any_.clear(); }
  void clear();

  /// Calls those who listen to everything.
  void call_any(Event const& event, Gate& gate, std::string_view whom);
  /// Calls those who listen to it, in the order in which they were added.
  void call(Event const& event, Gate& gate, std::string_view whom);

 private:
  struct Entry {
    ListenerId id;
    std::shared_ptr<Listener> listener;
    bool once;
  };
  struct AnyEntry {
    ListenerId id;
    std::shared_ptr<AnyListener> listener;
  };

  std::map<std::string, std::vector<Entry>, std::less<>> listeners_;
  std::vector<AnyEntry> any_;
};

}}}  // namespace aerie::v1::client
