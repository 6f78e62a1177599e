#include "log.hpp"

#include <aerie/schema/codec.hpp>

#include <utility>

namespace conformance {

void Log::add(std::string_view what, aerie::Object members) {
  std::lock_guard const lock(mutex_);
  std::chrono::duration<double, std::milli> const at = std::chrono::steady_clock::now() - start_;
  aerie::Object entry{{"what", what}, {"at", at.count()}};
  for (auto const& [name, value] : members)
    entry.set(name, value);
  entries_.emplace_back(std::move(entry));
}

void Log::clear() {
  std::lock_guard const lock(mutex_);
  entries_.clear();
}

std::string Log::to_json() const {
  std::lock_guard const lock(mutex_);
  return aerie::json::stringify(entries_);
}

}  // namespace conformance
