#include <aerie/socketio/memberships.hpp>

#include <algorithm>
#include <bit>
#include <new>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

namespace {

/// So many are looked through one after the other; more have an index, and keep the places of those that have
/// been removed until they are as many as the others.
constexpr std::size_t most_scanned = 15;
constexpr std::size_t least_indexed = 24;

/// Three quarters of the index are taken at most. A power of two.
constexpr std::size_t places_for(std::size_t capacity) noexcept {
  return capacity <= most_scanned ? 0 : capacity / 3 * 4;
}

}  // namespace

/// Followed by the entries, and these by the index: for each of its places the position of an entry, or
/// `none`.
struct Memberships::Block {
  Membership* entries() noexcept { return reinterpret_cast<Membership*>(this + 1); }
  std::uint32_t* index() noexcept { return reinterpret_cast<std::uint32_t*>(entries() + capacity); }
  std::span<Membership> used() noexcept { return {entries(), size}; }

  bool is_indexed() const noexcept { return places != 0; }
  /// Rooms are numbered by their shard, so that what spreads neighbours is hash enough.
  std::size_t home_of(std::uint32_t room) const noexcept {
    return std::uint32_t{room * 0x9E3779B1U} >> (std::countl_zero(places) + 1);
  }
  std::size_t after(std::size_t place) const noexcept { return (place + 1) & (places - 1); }

  /// REQUIRES: size < capacity.
  void append(Membership membership) noexcept {
    entries()[size] = membership;
    put(size++);
  }
  /// Moves the entries together, and makes the index anew.
  void compact() noexcept {
    auto const all = used();
    auto const kept = std::remove_if(all.begin(), all.end(), [](Membership const& membership) {
      return membership.room == Membership::none;
    });
    size = static_cast<std::uint32_t>(kept - all.begin());
    gone = 0;
    std::fill_n(index(), places, Membership::none);
    for (std::uint32_t position = 0; position < size; ++position)
      put(position);
  }

  std::uint32_t size;  // with those that have gone
  std::uint32_t gone;
  std::uint32_t capacity;
  std::uint32_t places;  // of the index

 private:
  void put(std::uint32_t position) noexcept {
    if (!is_indexed()) return;
    auto place = home_of(entries()[position].room);
    while (index()[place] != Membership::none)
      place = after(place);
    index()[place] = position;
  }
};

void Memberships::Free::operator()(Block* block) const noexcept {
  ::operator delete(block);
}

Memberships::Memberships() noexcept = default;
Memberships::Memberships(Memberships&& other) noexcept = default;
Memberships& Memberships::operator=(Memberships&& other) noexcept = default;
Memberships::~Memberships() = default;

std::size_t Memberships::size() const noexcept {
  return block_ ? block_->size - block_->gone : 0;
}

std::span<Membership const> Memberships::entries() const noexcept {
  if (!block_) return {};
  return block_->used();
}

Membership* Memberships::find(std::uint32_t room) noexcept {
  if (!block_) return nullptr;
  if (!block_->is_indexed()) {
    auto const used = block_->used();
    auto const found = std::ranges::find(used, room, &Membership::room);
    return found == used.end() ? nullptr : &*found;
  }
  for (auto place = block_->home_of(room);; place = block_->after(place)) {
    auto const position = block_->index()[place];
    if (position == Membership::none) return nullptr;
    // That of a room which has been left has another's number, or none.
    if (auto& entry = block_->entries()[position]; entry.room == room) return &entry;
  }
}

void Memberships::add(Membership membership) {
  if (!block_ || block_->size == block_->capacity) {
    auto block = allocate(capacity_for(size() + 1));
    if (!block) throw std::bad_alloc();
    move_to(std::move(block));
  }
  block_->append(membership);
}

void Memberships::remove(Membership& membership) noexcept {
  if (!block_->is_indexed()) {
    auto const used = block_->used();
    std::copy(&membership + 1, used.data() + used.size(), &membership);
    --block_->size;
    return;
  }
  membership.room = Membership::none;
  if (std::size_t{++block_->gone} * 2 >= block_->size) shrink();
}

/// The first so many that fill a block of the usual allocators; then so many as three quarters of an index.
std::size_t Memberships::capacity_for(std::size_t size) noexcept {
  for (std::size_t few = 1; few <= most_scanned; few = few * 2 + 1) {
    if (size <= few) return few;
  }
  auto capacity = least_indexed;
  while (capacity < size)
    capacity *= 2;
  return capacity;
}

/// Null if there is no memory.
Memberships::BlockPointer Memberships::allocate(std::size_t capacity) noexcept {
  auto const places = places_for(capacity);
  auto const bytes = sizeof(Block) + capacity * sizeof(Membership) + places * sizeof(std::uint32_t);
  auto* const memory = ::operator new(bytes, std::nothrow);
  if (memory == nullptr) return nullptr;
  BlockPointer block(::new (memory) Block{.size = 0,
                                          .gone = 0,
                                          .capacity = static_cast<std::uint32_t>(capacity),
                                          .places = static_cast<std::uint32_t>(places)});
  std::uninitialized_fill_n(block->entries(), capacity, Membership());
  std::uninitialized_fill_n(block->index(), places, Membership::none);
  return block;
}

void Memberships::move_to(BlockPointer block) noexcept {
  if (block_) {
    for (auto const& entry : block_->used()) {
      if (entry.room != Membership::none) block->append(entry);
    }
  }
  block_ = std::move(block);
}

/// Half of the entries have gone, or all.
void Memberships::shrink() noexcept {
  auto const fitting = capacity_for(size() * 2);
  if (fitting < block_->capacity) {
    if (auto block = allocate(fitting)) return move_to(std::move(block));
  }
  block_->compact();
}

}}}  // namespace aerie::v1::socketio
