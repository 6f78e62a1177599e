#include <aerie/core/immortal.hpp>
#include <aerie/core/keyed_hash.hpp>
#include <aerie/schema/value.hpp>

#include <algorithm>
#include <bit>

namespace aerie { inline namespace v1 {
namespace {

// Up to here a walk over the members is faster than hashing.
constexpr std::size_t small_size = 16;

constexpr std::uint32_t empty_slot = std::numeric_limits<std::uint32_t>::max();

}  // namespace

Object::Object(std::initializer_list<Member> members) {
  reserve(members.size());
  for (auto const& [key, value] : members)
    set(key, value);
}

std::size_t Object::slot_of(std::string_view key) const noexcept {
  std::size_t const mask = slots_.size() - 1;
  std::size_t slot = core::keyed_hash(key) & mask;
  while (slots_[slot] != empty_slot && members_[slots_[slot]].key != key)
    slot = (slot + 1) & mask;
  return slot;
}

std::size_t Object::index_of(std::string_view key) const noexcept {
  if (!slots_.empty()) {
    std::uint32_t const index = slots_[slot_of(key)];
    return index == empty_slot ? npos : index;
  }
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (members_[i].key == key) return i;
  }
  return npos;
}

void Object::rebuild_slots() {
  slots_.clear();
  if (members_.size() <= small_size) return;
  slots_.resize(std::bit_ceil(members_.size() * 4), empty_slot);
  for (std::size_t i = 0; i < members_.size(); ++i) {
    slots_[slot_of(members_[i].key)] = static_cast<std::uint32_t>(i);
  }
}

Value const* Object::find(std::string_view key) const noexcept {
  std::size_t const index = index_of(key);
  return index == npos ? nullptr : &members_[index].value;
}

Value* Object::find(std::string_view key) noexcept {
  std::size_t const index = index_of(key);
  return index == npos ? nullptr : &members_[index].value;
}

Value const& Object::operator[](std::string_view key) const noexcept {
  Value const* const value = find(key);
  return value == nullptr ? Value::undefined() : *value;
}

Value& Object::set(std::string_view key, Value value) {
  if (Value* const present = find(key)) return *present = std::move(value);
  members_.push_back({.key = std::string(key), .value = std::move(value)});
  bool const is_full = members_.size() > small_size && members_.size() * 2 > slots_.size();
  if (is_full) {
    rebuild_slots();
  } else if (!slots_.empty()) {
    slots_[slot_of(key)] = static_cast<std::uint32_t>(members_.size() - 1);
  }
  return members_.back().value;
}

bool Object::erase(std::string_view key) {
  std::size_t const index = index_of(key);
  if (index == npos) return false;
  members_.erase(members_.begin() + static_cast<std::ptrdiff_t>(index));
  rebuild_slots();
  return true;
}

void Object::clear() noexcept {
  members_.clear();
  slots_.clear();
}

bool operator==(Object const& a, Object const& b) noexcept {
  return a.size() == b.size() && std::ranges::all_of(a, [&b](Object::Member const& member) {
           Value const* const other = b.find(member.key);
           return other != nullptr && *other == member.value;
         });
}

}}  // namespace aerie::v1
