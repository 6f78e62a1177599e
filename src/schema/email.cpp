#include "schema/formats.hpp"
#include "schema/js_text.hpp"

namespace aerie { inline namespace v1 { namespace schema {
namespace {

constexpr std::size_t longest_address = 254;  // UTF-16 code units, as validator.js counts them.
constexpr std::size_t longest_user = 64;      // Bytes: RFC 5321 §4.5.3.1.1.
constexpr std::size_t longest_domain = 254;

// Beyond ASCII and within the basic plane; no surrogates, no private use.
bool is_foreign(char32_t c, char32_t lowest) {
  return (c >= lowest && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFDCF) || (c >= 0xFDF0 && c <= 0xFFEF);
}

bool is_atom_character(char32_t c) {
  bool const is_alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  constexpr std::u32string_view special = U"!#$%&'*+-/=?^_`{|}~";
  return is_alphanumeric || special.find(c) != std::u32string_view::npos || is_foreign(c, 0xA1);
}

// "a.b": atoms with points between them.
bool is_dotted_atoms(std::string_view text) {
  bool is_after_atom = false;
  while (!text.empty()) {
    char32_t const c = next_code_point(text);
    if (c == '.' ? !is_after_atom : !is_atom_character(c)) return false;
    is_after_atom = c != '.';
  }
  return is_after_atom;
}

bool is_quotable(char32_t c) {
  bool const is_ascii = (c >= 0x01 && c <= 0x7F) && c != '"' && c != '\\';
  return is_ascii || is_js_space(c) || is_foreign(c, 0xA0);
}

bool is_escapable(char32_t c) {
  bool const is_ascii = c >= 0x01 && c <= 0x7F && c != 0x0A;
  return is_ascii || is_foreign(c, 0xA0);
}

bool is_quoted_content(std::string_view text) {
  while (!text.empty()) {
    char32_t const c = next_code_point(text);
    if (c == '\\') {
      if (text.empty() || !is_escapable(next_code_point(text))) return false;
    } else if (!is_quotable(c)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool is_email(std::string_view text) {
  std::size_t const at = text.rfind('@');
  if (at == std::string_view::npos || utf16_length(text) > longest_address) return false;
  std::string_view user = text.substr(0, at);
  std::string_view const domain = text.substr(at + 1);
  if (user.size() > longest_user || domain.size() > longest_domain || !is_host_name(domain)) return false;
  bool const is_quoted = !user.empty() && user.front() == '"' && user.back() == '"';
  if (!is_quoted) return is_dotted_atoms(user);
  user.remove_prefix(1);
  if (!user.empty()) user.remove_suffix(1);
  return is_quoted_content(user);
}

}}}  // namespace aerie::v1::schema
