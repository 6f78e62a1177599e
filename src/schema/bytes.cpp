#include <aerie/schema/bytes.hpp>

#include <cstring>
#include <new>

namespace aerie { inline namespace v1 {

Bytes::Block* Bytes::allocate(std::size_t size) {
  if (size == 0) return nullptr;
  return ::new (::operator new(sizeof(Block) + size)) Block{.references = 1, .size = size};
}

void Bytes::release() noexcept {
  if (block_->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  block_->~Block();
  ::operator delete(block_);
}

Bytes::Bytes(std::string_view content) : block_(allocate(content.size())) {
  if (block_ != nullptr) std::memcpy(block_->content(), content.data(), content.size());
}

Bytes::Bytes(std::span<std::uint8_t const> content) : Bytes(std::as_bytes(content)) {}

Bytes::Bytes(std::span<std::byte const> content)
    : Bytes(std::string_view(reinterpret_cast<char const*>(content.data()), content.size())) {}

Bytes::Bytes(std::initializer_list<std::uint8_t> content)
    : Bytes(std::span<std::uint8_t const>(content.begin(), content.size())) {}

}}  // namespace aerie::v1
