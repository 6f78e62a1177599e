#pragma once

/// \file
/// A tracer that keeps what it is told. For runtimes whose shards are turned by the test's thread.

#include <aerie/core/trace.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie::test {

class CollectedSpans final : public Tracer {
 public:
  using Tracer::Tracer;
  void ended(SpanRecord&& span) override { spans.push_back(std::move(span)); }

  /// The last one of that name; an empty one if there is none.
  SpanRecord find(std::string_view name) const {
    auto const found =
        std::find_if(spans.rbegin(), spans.rend(), [&](auto const& span) { return span.name == name; });
    return found == spans.rend() ? SpanRecord{} : *found;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (auto const& span : spans)
      result.push_back(span.name);
    return result;
  }
  void clear() { spans.clear(); }

  std::vector<SpanRecord> spans;
};

/// A text among the attributes; empty if there is none.
inline std::string attribute(SpanRecord const& span, std::string_view name) {
  for (auto const& each : span.attributes) {
    if (each.name == name && std::holds_alternative<std::string>(each.value))
      return std::get<std::string>(each.value);
  }
  return {};
}

inline constexpr std::string_view example_trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

}  // namespace aerie::test
