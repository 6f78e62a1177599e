#include <aerie/core/decimal.hpp>
#include <aerie/schema/duration.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 { namespace detail {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::pair<std::string_view, RealSeconds>, 7> units{
    {{"ms", 1ms}, {"s", 1s}, {"m", 1min}, {"min", 1min}, {"h", 1h}, {"d", 24h}, {"w", 24h * 7}}};

std::optional<RealSeconds> parse(std::string_view text, RealSeconds own_unit) {
  double count = 0;
  char const* const end = text.data() + text.size();
  auto const [stopped, error] = core::double_from_chars(text.data(), end, count, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(count)) return std::nullopt;
  std::string_view unit(stopped, static_cast<std::size_t>(end - stopped));
  while (unit.starts_with(' '))
    unit.remove_prefix(1);
  if (unit.empty()) return count * own_unit;
  for (auto const& [name, size] : units) {
    if (name == unit) return count * size;
  }
  return std::nullopt;
}

bool is_multiple(RealSeconds value, RealSeconds step) {
  if (step.count() <= 0) return true;
  double const steps = value / step;
  // Doubles keep about 15 digits: more is not asked of a sum of milliseconds.
  return std::abs(steps - std::round(steps)) < 1e-6;
}

}  // namespace

bool decode_duration(Decoder& decoder, RealSeconds unit, RealSeconds step, RealSeconds lowest,
                     RealSeconds highest, RealSeconds& value) {
  if (decoder.peek() == ValueKind::string) {
    std::string_view text;
    if (!decoder.read_string(text)) return false;
    auto const parsed = parse(text, unit);
    if (!parsed) {
      return decoder.fail(DecodeErrorCode::wrong_type,
                          "expected a duration such as \"500ms\", \"90s\" or \"15m\"");
    }
    value = *parsed;
  } else {
    Number number;
    if (!decoder.read_number(number)) return false;
    value = number.as_double() * unit;
  }
  // Written so that NaN is refused, too. The largest std::int64_t is not a double, the next one is too large.
  if (!(value >= lowest && value < highest)) {
    return decoder.fail(DecodeErrorCode::out_of_range, "the duration is out of range");
  }
  if (!is_multiple(value, step)) {
    return decoder.fail(DecodeErrorCode::out_of_range, "the duration is finer than the unit of its type");
  }
  return true;
}

}}}  // namespace aerie::v1::detail
