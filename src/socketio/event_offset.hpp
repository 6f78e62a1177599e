#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace socketio {

/// Names one event that may have to be sent again. Those of one origin count up; between those of different
/// ones there is no order but that in which a shard has delivered them.
struct EventOffset {
  static constexpr unsigned number_bits = 48;

  constexpr EventOffset(std::uint16_t origin, std::uint64_t number) noexcept
      : value((std::uint64_t{origin} << number_bits) | number) {}
  constexpr std::uint16_t origin() const noexcept { return static_cast<std::uint16_t>(value >> number_bits); }
  constexpr std::uint64_t number() const noexcept { return value & ((std::uint64_t{1} << number_bits) - 1); }
  bool operator==(EventOffset const&) const noexcept = default;

  std::uint64_t value;
};

/// How a server writes its offsets: behind a few characters of its own, because clients take the last text
/// of any event for one. Never changes; any thread.
class OffsetSpelling {
 public:
  OffsetSpelling();

  std::string write(EventOffset offset) const;
  /// Nothing if this server cannot have written it. Each offset has one spelling.
  std::optional<EventOffset> read(std::string_view text) const noexcept;

 private:
  std::string prefix_;
};

}}}  // namespace aerie::v1::socketio
