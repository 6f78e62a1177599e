#include "http/header_facts.hpp"

#include "http/characters.hpp"

#include <aerie/core/ascii.hpp>
#include <aerie/http/request_head.hpp>

#include <algorithm>

namespace aerie { inline namespace v1 { namespace http {

namespace {

// Enough for 2^63: what does not fit is no honest length.
constexpr std::size_t most_length_digits = 19;

/// The value of a header that decides where a message ends. A space after the colon is all that may surround
/// it: tabs and trailing blanks are how such headers are hidden from one of two servers.
std::string_view exact_value(std::string_view raw) noexcept {
  if (!raw.empty() && raw.front() == ' ') raw.remove_prefix(1);
  return raw;
}

bool is_port(std::string_view text) noexcept {
  return text.size() <= 5 && std::all_of(text.begin(), text.end(), core::is_digit);
}

}  // namespace

bool is_host(std::string_view value) noexcept {
  if (value.empty() || !all_in(host_characters, value)) return false;
  auto const address_end = value.front() == '[' ? value.find(']') : 0;
  if (address_end == value.npos) return false;
  auto const colon = value.find(':', address_end);
  if (address_end > 0) {
    if (value.size() > address_end + 1 && colon != address_end + 1) return false;
  } else if (colon == 0 || value.find('[') != value.npos || value.find(']') != value.npos) {
    return false;
  }
  return colon == value.npos || is_port(value.substr(colon + 1));
}

bool has_port(std::string_view host) noexcept {
  auto const address_end = host.starts_with('[') ? host.find(']') : 0;
  return address_end != host.npos && host.find(':', address_end) != host.npos;
}

RequestError HeaderFacts::note(std::string_view name, std::string_view value, std::string_view raw) noexcept {
  // Most headers are told apart by their length alone.
  switch (name.size()) {
    case 4:
      if (equal_ignoring_case(name, "host")) return note_host(value);
      break;
    case 6:
      if (equal_ignoring_case(name, "expect")) return note_expectation(value);
      break;
    case 7:
      if (equal_ignoring_case(name, "upgrade")) upgrade_header_ = true;
      break;
    case 10:
      if (equal_ignoring_case(name, "connection")) note_connection(value);
      break;
    case 14:
      if (equal_ignoring_case(name, "content-length")) return note_length(exact_value(raw));
      break;
    case 16:
      if (equal_ignoring_case(name, "content-encoding") && !equal_ignoring_case(value, "identity")) {
        return RequestError::content_encoding;
      }
      break;
    case 17:
      if (equal_ignoring_case(name, "transfer-encoding")) return note_encoding(exact_value(raw));
      break;
    default:
      break;
  }
  return RequestError::none;
}

RequestError HeaderFacts::note_host(std::string_view value) noexcept {
  if (has_host_) return RequestError::host_repeated;
  has_host_ = true;
  return is_host(value) ? RequestError::none : RequestError::host_invalid;
}

RequestError HeaderFacts::note_length(std::string_view value) noexcept {
  if (content_length_) return RequestError::length_repeated;
  if (value.empty() || value.size() > most_length_digits) return RequestError::length_invalid;
  std::uint64_t length = 0;
  for (char const c : value) {
    if (!core::is_digit(c)) return RequestError::length_invalid;
    length = length * 10 + static_cast<std::uint64_t>(c - '0');
  }
  content_length_ = length;
  return RequestError::none;
}

RequestError HeaderFacts::note_encoding(std::string_view value) noexcept {
  if (chunked_ || !equal_ignoring_case(value, "chunked")) return RequestError::transfer_encoding;
  chunked_ = true;
  return RequestError::none;
}

RequestError HeaderFacts::note_expectation(std::string_view value) noexcept {
  if (!equal_ignoring_case(value, "100-continue")) return RequestError::expectation;
  expects_continue_ = true;
  return RequestError::none;
}

void HeaderFacts::note_connection(std::string_view value) noexcept {
  each_element(value, [this](std::string_view option) {
    if (equal_ignoring_case(option, "close")) close_ = true;
    if (equal_ignoring_case(option, "keep-alive")) keep_alive_ = true;
    if (equal_ignoring_case(option, "upgrade")) upgrade_option_ = true;
  });
}

RequestError HeaderFacts::check(unsigned version_minor) const noexcept {
  if (!has_host_ && version_minor >= 1) return RequestError::host_missing;
  if (chunked_ && version_minor == 0) return RequestError::transfer_encoding_http_1_0;
  if (chunked_ && content_length_) return RequestError::length_and_encoding;
  return RequestError::none;
}

}}}  // namespace aerie::v1::http
