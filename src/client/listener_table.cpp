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

void AnyListeners::add(ListenerId id, AnyListener listener, bool first) {
  entries_.insert(first ? entries_.begin() : entries_.end(),
                  {id, std::make_shared<AnyListener>(std::move(listener))});
}

void AnyListeners::remove(ListenerId id) {
  std::erase_if(entries_, [id](Entry const& each) { return each.id == id; });
}

void AnyListeners::clear() {
  // What they have captured may call back.
  auto const entries = std::exchange(entries_, {});
}

void AnyListeners::call(Event const& event, Gate& gate, core::UserCode const& code) const {
  if (entries_.empty()) return;
  auto const entries = entries_;
  for (auto const& entry : entries)
    gate.call(event.log, code, [&] { (*entry.listener)(event.name, event.args); });
}

void ListenerTable::remove(ListenerId id) {
  for (auto entry = listeners_.begin(); entry != listeners_.end();) {
    std::erase_if(entry->second, [id](Entry const& each) { return each.id == id; });
    entry = entry->second.empty() ? listeners_.erase(entry) : std::next(entry);
  }
  incoming_.remove(id);
  outgoing_.remove(id);
}

void ListenerTable::remove(std::string_view event) {
  if (auto const found = listeners_.find(event); found != listeners_.end()) listeners_.erase(found);
}

void ListenerTable::remove_named() {
  // What they have captured may call back.
  auto const listeners = std::exchange(listeners_, {});
}

void ListenerTable::clear() {
  remove_named();
  incoming_.clear();
  outgoing_.clear();
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
