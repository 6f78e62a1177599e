#include "client/listener_table.hpp"

#include <aerie/core/user_code.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace client {

void listener_failed(Logger const& log, std::string_view event, std::exception_ptr const& error) noexcept {
  core::report_exception(log, {"client", "a listener", event}, error);
}

void ListenerTable::add(std::string_view event, ListenerId id, std::shared_ptr<Listener> listener,
                        bool once) {
  listeners_[std::string(event)].push_back({id, std::move(listener), once});
}

void ListenerTable::add_any(ListenerId id, AnyListener listener) {
  any_.push_back({id, std::make_shared<AnyListener>(std::move(listener))});
}

void ListenerTable::remove(ListenerId id) {
  for (auto entry = listeners_.begin(); entry != listeners_.end();) {
    std::erase_if(entry->second, [id](Entry const& each) { return each.id == id; });
    entry = entry->second.empty() ? listeners_.erase(entry) : std::next(entry);
  }
  std::erase_if(any_, [id](AnyEntry const& each) { return each.id == id; });
}

void ListenerTable::remove(std::string_view event) {
  if (auto const found = listeners_.find(event); found != listeners_.end()) listeners_.erase(found);
}

void ListenerTable::clear() {
  // What they have captured may call back.
  auto const listeners = std::exchange(listeners_, {});
  auto const any = std::exchange(any_, {});
}

void ListenerTable::call_any(Event const& event, Gate& gate, std::string_view whom) {
  if (any_.empty()) return;
  auto const listeners = any_;
  for (auto const& entry : listeners)
    gate.call(event.log, {"client", "a listener to all events", whom},
              [&] { (*entry.listener)(event.name, event.args); });
}

void ListenerTable::call(Event const& event, Gate& gate, std::string_view whom) {
  auto const found = listeners_.find(event.name);
  if (found == listeners_.end()) return;
  auto const listeners = found->second;
  for (auto const& entry : listeners) {
    if (entry.once) remove(entry.id);
    gate.call(event.log, {"client", "a listener", whom}, [&] { entry.listener->call(event); });
  }
}

}}}  // namespace aerie::v1::client
