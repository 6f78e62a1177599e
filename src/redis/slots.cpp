#include "redis/slots.hpp"

#include <aerie/core/decimal.hpp>

#include <algorithm>

namespace aerie { inline namespace v1 { namespace redis {

namespace {

/// CRC-16/XMODEM: polynomial 0x1021, nothing reflected, beginning with 0.
constexpr std::array<std::uint16_t, 256> crc_table = [] {
  std::array<std::uint16_t, 256> table{};
  for (unsigned byte = 0; byte < table.size(); ++byte) {
    unsigned crc = byte << 8U;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc & 0x8000U) != 0 ? (crc << 1U) ^ 0x1021U : crc << 1U;
    table[byte] = static_cast<std::uint16_t>(crc);
  }
  return table;
}();

unsigned crc16(std::string_view bytes) noexcept {
  unsigned crc = 0;
  for (char const byte : bytes)
    crc = ((crc << 8U) & 0xFFFFU) ^ crc_table[((crc >> 8U) ^ static_cast<unsigned char>(byte)) & 0xFFU];
  return crc;
}

}  // namespace

std::int16_t slot_of(std::string_view key) noexcept {
  if (auto const open = key.find('{'); open != key.npos) {
    auto const close = key.find('}', open + 1);
    if (close != key.npos && close != open + 1) key = key.substr(open + 1, close - open - 1);
  }
  return static_cast<std::int16_t>(crc16(key) % static_cast<unsigned>(slot_count));
}

std::optional<Redirection> Redirection::parse(Reply const& error, core::Address const& asked) {
  auto const code = error.error_code();
  if (code != "MOVED" && code != "ASK") return std::nullopt;
  auto rest = error.text().substr(std::min(code.size() + 1, error.text().size()));
  auto const space = rest.find(' ');
  if (space == rest.npos) return std::nullopt;
  auto const slot = core::decimal<std::int16_t>(rest.substr(0, space));
  auto const where = rest.substr(space + 1);
  auto const colon = where.rfind(':');
  if (!slot || *slot < 0 || *slot >= slot_count || colon == where.npos) return std::nullopt;
  auto const port = core::decimal<std::uint16_t>(where.substr(colon + 1));
  if (!port || *port == 0) return std::nullopt;
  auto const host = where.substr(0, colon);
  return Redirection{
      .ask = code == "ASK",
      .slot = *slot,
      .address = {.host = host.empty() ? asked.host : std::string(host), .port = *port, .path = {}}};
}

std::optional<SlotMap> SlotMap::parse(Reply const& answer, core::Address const& asked) {
  if (!answer.is_array()) return std::nullopt;
  SlotMap map;
  for (auto const& range : answer.elements()) {
    auto const first = range[0].integer();
    auto const last = range[1].integer();
    auto const& master = range[2];
    auto const port = master[1].integer();
    if (!range[0].is_integer() || !range[1].is_integer() || first < 0 || last < first || last >= slot_count ||
        port < 1 || port > 65535) {
      return std::nullopt;
    }
    // A node that does not know its own name leaves it out: it is the one that was asked.
    auto const host = master[0].text();
    auto const known = !host.empty() && host != "?";
    auto const index = map.index_of({.host = known ? std::string(host) : asked.host,
                                     .port = static_cast<std::uint16_t>(port),
                                     .path = {}});
    std::fill(map.owners_.begin() + first, map.owners_.begin() + last + 1, index);
  }
  map.unowned_ = static_cast<std::size_t>(std::count(map.owners_.begin(), map.owners_.end(), nobody));
  return map;
}

core::Address const* SlotMap::owner(std::int16_t slot) const noexcept {
  if (slot < 0 || slot >= slot_count) return nullptr;
  auto const index = owners_[static_cast<std::size_t>(slot)];
  return index == nobody ? nullptr : &nodes_[index];
}

void SlotMap::set_owner(std::int16_t slot, core::Address const& address) {
  auto& owner = owners_.at(static_cast<std::size_t>(slot));
  if (owner == nobody) --unowned_;
  owner = index_of(address);
}

std::vector<std::int16_t> SlotMap::slot_of_each_node() const {
  std::vector<std::int16_t> slots(nodes_.size(), -1);
  for (std::int16_t slot = 0; slot < slot_count; ++slot) {
    auto const index = owners_[static_cast<std::size_t>(slot)];
    if (index != nobody && slots[index] < 0) slots[index] = slot;
  }
  std::erase(slots, std::int16_t{-1});
  return slots;
}

std::uint16_t SlotMap::index_of(core::Address const& address) {
  auto const found = std::find(nodes_.begin(), nodes_.end(), address);
  if (found != nodes_.end()) return static_cast<std::uint16_t>(found - nodes_.begin());
  nodes_.push_back(address);
  return static_cast<std::uint16_t>(nodes_.size() - 1);
}

}}}  // namespace aerie::v1::redis
