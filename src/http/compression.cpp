#include "http/characters.hpp"

#include <aerie/core/ascii.hpp>
#include <aerie/http/compression.hpp>
#include <aerie/http/request_head.hpp>

#include <compare>

namespace aerie { inline namespace v1 { namespace http {

namespace {

/// A weight in thousandths (RFC 9110 §12.4.2); 0 if it is malformed.
int weight_of(std::string_view text) noexcept {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return 0;
  int weight = (text[0] - '0') * 1000;
  if (text.size() == 1) return weight;
  if (text[1] != '.' || text.size() > 5) return 0;
  int unit = 100;
  for (char const c : text.substr(2)) {
    if (!core::is_digit(c)) return 0;
    weight += (c - '0') * unit;
    unit /= 10;
  }
  return weight > 1000 ? 0 : weight;
}

/// What an Accept-Encoding says of a coding. The better one compares greater.
struct Standing {
  int weight = 0;  // in thousandths; 0: not taken
  bool named = false;
  int place = 0;  // from the header's end

  auto operator<=>(Standing const&) const = default;
};

Standing standing_of(std::string_view accept_encoding, std::string_view coding) noexcept {
  Standing exact;
  Standing any;
  auto listed = false;
  auto place = 0;
  each_element(accept_encoding, [&](std::string_view element) {
    --place;
    auto const semicolon = element.find(';');
    auto const name = trim(element.substr(0, semicolon));
    auto weight = 1000;
    if (semicolon != element.npos) {
      auto const parameter = trim(element.substr(semicolon + 1));
      weight =
          parameter.starts_with("q=") || parameter.starts_with("Q=") ? weight_of(parameter.substr(2)) : 0;
    }
    if (equal_ignoring_case(name, coding)) {
      if (!listed || weight > exact.weight) exact = {weight, true, place};
      listed = true;
    } else if (name == "*" && weight > any.weight) {
      any = {weight, false, place};
    }
  });
  return listed ? exact : any;
}

/// What identity needs to be refused: an explicit weight of 0, its own or that of `*`.
bool refuses_identity(std::string_view accept_encoding) noexcept {
  auto named = false;
  auto refused = false;
  each_element(accept_encoding, [&](std::string_view element) {
    auto const semicolon = element.find(';');
    auto const name = trim(element.substr(0, semicolon));
    auto const own = equal_ignoring_case(name, "identity");
    if (!own && (name != "*" || named)) return;
    auto const parameter =
        semicolon == element.npos ? std::string_view{} : trim(element.substr(semicolon + 1));
    named = named || own;
    refused = parameter.size() > 2 && weight_of(parameter.substr(2)) == 0;
  });
  return refused;
}

}  // namespace

std::string_view to_string(ContentCoding coding) noexcept {
  switch (coding) {
    case ContentCoding::identity:
      return {};
    case ContentCoding::gzip:
      return "gzip";
    case ContentCoding::deflate:
      return "deflate";
    case ContentCoding::brotli:
      return "br";
  }
  return {};
}

bool accepts(std::string_view accept_encoding, ContentCoding coding) noexcept {
  if (coding == ContentCoding::identity) return !refuses_identity(accept_encoding);
  return standing_of(accept_encoding, to_string(coding)).weight > 0;
}

ContentCoding choose_coding(std::string_view accept_encoding, std::span<ContentCoding const> offered,
                            AmongEquals among_equals) noexcept {
  auto best = ContentCoding::identity;
  Standing best_standing;
  for (auto const coding : offered) {
    auto standing = standing_of(accept_encoding, to_string(coding));
    if (standing.weight == 0) continue;
    if (among_equals == AmongEquals::offer) standing = {standing.weight, false, 0};
    if (best != ContentCoding::identity && standing <= best_standing) continue;
    best = coding;
    best_standing = standing;
  }
  return best;
}

}}}  // namespace aerie::v1::http
