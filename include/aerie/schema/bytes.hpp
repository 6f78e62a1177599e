#pragma once

/// \file
/// A block of bytes as a message carries it: what JavaScript calls a Buffer, an ArrayBuffer or a typed array.

#include <aerie/core/api.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 {

/// Immutable bytes behind a shared, counted pointer: a copy costs an increment whatever the size.
/// Copies of the same block may be used and destroyed by different threads at the same time.
class AERIE_API Bytes {
 public:
  Bytes() noexcept = default;

  /// Copies `content`.
  explicit Bytes(std::string_view content);
  explicit Bytes(std::span<std::uint8_t const> content);
  explicit Bytes(std::span<std::byte const> content);
  Bytes(std::initializer_list<std::uint8_t> content);

  /// A block of `size` bytes that `fill(std::span<char>)` writes in place, without a second copy.
  template <typename Fill>
  static Bytes filled(std::size_t size, Fill&& fill) {
    Bytes bytes(allocate(size));
    if (size != 0) fill(std::span<char>(bytes.block_->content(), size));
    return bytes;
  }

  Bytes(Bytes const& other) noexcept : block_(other.block_) {
    if (block_ != nullptr) block_->references.fetch_add(1, std::memory_order_relaxed);
  }
  Bytes(Bytes&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Bytes& operator=(Bytes other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~Bytes() {
    if (block_ != nullptr) release();
  }

  [[nodiscard]] std::size_t size() const noexcept { return block_ == nullptr ? 0 : block_->size; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  /// The first byte; null if there is none.
  [[nodiscard]] std::uint8_t const* data() const noexcept {
    return reinterpret_cast<std::uint8_t const*>(view().data());
  }
  /// All of them, as numbers. Valid as long as a copy of the object lives.
  [[nodiscard]] std::span<std::uint8_t const> span() const noexcept { return {data(), size()}; }
  /// All of them, as characters. Valid as long as a copy of the object lives.
  [[nodiscard]] std::string_view view() const noexcept {
    return block_ == nullptr ? std::string_view() : std::string_view(block_->content(), block_->size);
  }

  [[nodiscard]] std::uint8_t const* begin() const noexcept { return data(); }
  [[nodiscard]] std::uint8_t const* end() const noexcept { return data() + size(); }
  /// REQUIRES: `index` < size().
  std::uint8_t operator[](std::size_t index) const noexcept { return data()[index]; }

  friend bool operator==(Bytes const& a, Bytes const& b) noexcept {
    return a.block_ == b.block_ || a.view() == b.view();
  }

 private:
  // Header of an allocation whose content follows it.
  struct Block {
    std::atomic<std::size_t> references;
    std::size_t size;

    char* content() { return reinterpret_cast<char*>(this + 1); }
  };

  explicit Bytes(Block* block) noexcept : block_(block) {}
  static Block* allocate(std::size_t size);
  void release() noexcept;

  Block* block_ = nullptr;
};

}}  // namespace aerie::v1
