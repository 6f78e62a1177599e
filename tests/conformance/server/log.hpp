#pragma once

/// \file
/// What happened inside the server, in order: the tests read it over HTTP. Thread-safe.

#include <aerie/schema/value.hpp>

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

namespace conformance {

class Log {
 public:
  void add(std::string_view what, aerie::Object members = {});
  void clear();
  /// The entries as a JSON array.
  std::string to_json() const;

 private:
  std::chrono::steady_clock::time_point const start_ = std::chrono::steady_clock::now();
  mutable std::mutex mutex_;
  aerie::Array entries_;
};

}  // namespace conformance
