#include <aerie/core/utf8.hpp>
#include <aerie/schema/json_scan.hpp>
#include <aerie/schema/raw_json.hpp>

namespace aerie { inline namespace v1 {

std::optional<RawJson> RawJson::parse(std::string text) {
  if (!utf8::is_valid(text) || json::validate(text) != json::ScanError::none) return std::nullopt;
  return RawJson(std::move(text));
}

}}  // namespace aerie::v1
