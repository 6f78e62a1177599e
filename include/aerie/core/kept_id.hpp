#pragma once

/// \file
/// The id of something of which there may be a million, kept in as little as the usual ones take.

#include <array>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace core {

/// Ids that a server makes have 20 characters and stand in place. Others may have any size (an application's
/// own, or those of clients of Socket.IO 2, made of their namespace and the id of their connection): they
/// stand elsewhere, and a pointer is kept in the place. Never changes; any thread.
class KeptId {
 public:
  explicit KeptId(std::string_view text) {
    if (text.size() == place_.size() && text.front() != elsewhere) {
      std::memcpy(place_.data(), text.data(), place_.size());
      return;
    }
    place_.front() = elsewhere;
    auto const* const text_elsewhere = new std::string(text);
    std::memcpy(place_.data() + pointer_at, &text_elsewhere, sizeof text_elsewhere);
  }
  ~KeptId() {
    if (is_elsewhere()) delete there();
  }
  KeptId(KeptId const&) = delete;
  KeptId& operator=(KeptId const&) = delete;

  std::string_view view() const noexcept {
    if (is_elsewhere()) [[unlikely]]
      return *there();
    return {place_.data(), place_.size()};
  }
  /// Bytes that it holds beside itself.
  std::size_t memory() const noexcept {
    return is_elsewhere() ? sizeof(std::string) + there()->capacity() : 0;
  }

 private:
  /// What no id begins with.
  static constexpr char elsewhere = '\0';
  static constexpr std::size_t pointer_at = 4;

  bool is_elsewhere() const noexcept { return place_.front() == elsewhere; }
  std::string const* there() const noexcept {
    std::string const* text = nullptr;
    std::memcpy(&text, place_.data() + pointer_at, sizeof text);
    return text;
  }

  std::array<char, 20> place_{};
};

static_assert(sizeof(KeptId) == 20);

}}}  // namespace aerie::v1::core
