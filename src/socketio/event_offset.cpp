#include "socketio/event_offset.hpp"

#include <aerie/core/base64.hpp>
#include <aerie/core/random.hpp>

namespace aerie { inline namespace v1 { namespace socketio {

namespace {

constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
constexpr unsigned digit_bits = 6;
constexpr std::uint64_t digit_mask = 63;
constexpr std::size_t origin_digits = 2;
constexpr std::size_t most_digits = 8;

std::optional<std::uint64_t> number_of(std::string_view text) noexcept {
  std::uint64_t number = 0;
  for (auto const c : text) {
    auto const digit = digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    number = (number << digit_bits) | digit;
  }
  return number;
}

}  // namespace

OffsetSpelling::OffsetSpelling() {
  auto const random = core::random_bytes<3>();
  prefix_ = base64::encode_url({random.data(), random.size()});
}

std::string OffsetSpelling::write(EventOffset offset) const {
  auto text = prefix_;
  text.push_back(digits[(offset.origin() >> digit_bits) & digit_mask]);
  text.push_back(digits[offset.origin() & digit_mask]);
  auto const at = text.size();
  for (auto rest = offset.number(); rest != 0; rest >>= digit_bits)
    text.insert(at, 1, digits[rest & digit_mask]);
  return text;
}

std::optional<EventOffset> OffsetSpelling::read(std::string_view text) const noexcept {
  auto const head = prefix_.size() + origin_digits;
  if (text.size() <= head || text.size() > head + most_digits || !text.starts_with(prefix_))
    return std::nullopt;
  auto const origin = number_of(text.substr(prefix_.size(), origin_digits));
  auto const number = number_of(text.substr(head));
  if (!origin || !number || text[head] == digits.front()) return std::nullopt;
  return EventOffset(static_cast<std::uint16_t>(*origin), *number);
}

}}}  // namespace aerie::v1::socketio
