#include "websocket/header_cursor.hpp"

#include <aerie/websocket/deflate_contexts.hpp>
#include <aerie/websocket/deflate_options.hpp>

#include <algorithm>
#include <stdexcept>

namespace aerie { inline namespace v1 { namespace websocket {
namespace {

constexpr std::string_view deflate_name = "permessage-deflate";

// One permessage-deflate offer of a client (RFC 7692 §7.1).
struct Offer {
  std::optional<std::uint8_t> server_max_window_bits;
  std::optional<std::uint8_t> client_max_window_bits;  // 15 if the client named no number.
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
};

// 8 to 15 without leading zeros, else nothing.
std::optional<std::uint8_t> window_bits(std::string_view digits) {
  if (digits == "8" || digits == "9") return static_cast<std::uint8_t>(digits[0] - '0');
  if (digits.size() != 2 || digits[0] != '1' || digits[1] < '0' || digits[1] > '5') return std::nullopt;
  return static_cast<std::uint8_t>(10 + (digits[1] - '0'));
}

bool set_flag(bool& flag, std::optional<std::string_view> value) {
  if (flag || value.has_value()) return false;
  return flag = true;
}

bool set_bits(std::optional<std::uint8_t>& bits, std::optional<std::string_view> value) {
  if (bits.has_value() || !value.has_value()) return false;
  bits = window_bits(*value);
  return bits.has_value();
}

// Returns false if the parameter is unknown, repeated or not as RFC 7692 has it.
bool set(Offer& offer, std::string_view name, std::optional<std::string_view> value) {
  if (name == "server_no_context_takeover") return set_flag(offer.server_no_context_takeover, value);
  if (name == "client_no_context_takeover") return set_flag(offer.client_no_context_takeover, value);
  if (name == "server_max_window_bits") return set_bits(offer.server_max_window_bits, value);
  if (name == "client_max_window_bits") return set_bits(offer.client_max_window_bits, value.value_or("15"));
  return false;
}

bool read_parameters(HeaderCursor& cursor, Offer* offer) {
  for (cursor.skip_space(); cursor.take(';'); cursor.skip_space()) {
    cursor.skip_space();
    auto const name = cursor.token();
    if (name.empty()) return false;
    std::optional<std::string_view> value;
    if (cursor.take('=')) {
      value = cursor.token_or_quoted();
      if (value->empty()) return false;
    }
    if (offer != nullptr && !set(*offer, name, value)) return false;
  }
  return true;
}

// A server may decline context takeover of either side, whatever the client has offered (RFC 7692 §7.1.1).
DeflateParameters within_budget(DeflateParameters agreed, DeflateOptions const& options) {
  if (deflate_memory(agreed, options) > options.memory_budget) agreed.server_no_context_takeover = true;
  if (deflate_memory(agreed, options) > options.memory_budget) agreed.client_no_context_takeover = true;
  return agreed;
}

std::optional<DeflateParameters> accept(Offer const& offer, DeflateOptions const& options) {
  // zlib cannot compress with a window of 256 bytes without its own header.
  if (offer.server_max_window_bits == 8) return std::nullopt;
  // A client may be limited only if it said that it can be (RFC 7692 §7.1.2.2).
  if (options.client_max_window_bits < 15 && !offer.client_max_window_bits) return std::nullopt;
  return within_budget(
      {
          .server_max_window_bits =
              std::min(options.server_max_window_bits, offer.server_max_window_bits.value_or(15)),
          .client_max_window_bits =
              std::min(options.client_max_window_bits, offer.client_max_window_bits.value_or(15)),
          .server_no_context_takeover =
              offer.server_no_context_takeover || options.server_no_context_takeover,
          .client_no_context_takeover =
              offer.client_no_context_takeover || options.client_no_context_takeover,
      },
      options);
}

void require(bool holds, char const* setting, char const* range) {
  if (holds) return;
  throw std::invalid_argument(std::string("aerie: DeflateOptions::") + setting + " must be " + range);
}

}  // namespace

void check(DeflateOptions const& options) {
  auto const is_window = [](std::uint8_t bits) { return bits >= 9 && bits <= 15; };
  require(options.level >= -1 && options.level <= 9, "level", "-1 to 9");
  require(options.mem_level >= 1 && options.mem_level <= 9, "mem_level", "1 to 9");
  require(is_window(options.server_max_window_bits), "server_max_window_bits", "9 to 15");
  require(is_window(options.client_max_window_bits), "client_max_window_bits", "9 to 15");
}

std::size_t deflate_memory(DeflateParameters const& agreed, DeflateOptions const& options) {
  std::size_t bytes = 0;
  if (!agreed.server_no_context_takeover)
    bytes += deflate_context_memory(agreed.server_max_window_bits, options);
  if (!agreed.client_no_context_takeover) bytes += inflate_context_memory(agreed.client_max_window_bits);
  return bytes;
}

ExtensionAgreement negotiate_extensions(std::string_view header, DeflateOptions const& options) {
  ExtensionAgreement agreement;
  if (header.empty()) return agreement;
  if (header.size() > max_extensions_size) return {.error = Error::bad_extensions};
  HeaderCursor cursor(header);
  do {
    cursor.skip_space();
    auto const name = cursor.token();
    Offer offer;
    auto const is_deflate = name == deflate_name;
    if (name.empty() || !read_parameters(cursor, is_deflate ? &offer : nullptr))
      return {.error = Error::bad_extensions};
    if (is_deflate && options.enabled && !agreement.deflate) agreement.deflate = accept(offer, options);
  } while (cursor.take(','));
  if (!cursor.at_end()) return {.error = Error::bad_extensions};
  return agreement;
}

ExtensionAgreement accept_extensions(std::string_view header, DeflateOptions const& options) {
  if (header.empty()) return {};
  ExtensionAgreement const refused{.error = Error::bad_extensions};
  if (header.size() > max_extensions_size || !options.enabled) return refused;
  HeaderCursor cursor(header);
  cursor.skip_space();
  Offer answer;
  if (cursor.token() != deflate_name || !read_parameters(cursor, &answer) || !cursor.at_end()) return refused;
  auto const server_bits = answer.server_max_window_bits.value_or(15);
  if (server_bits > options.server_max_window_bits) return refused;
  // A server that keeps a window which it was asked not to keep needs one kept here.
  if (options.server_no_context_takeover && !answer.server_no_context_takeover) return refused;
  return {.error = Error::none,
          .deflate = DeflateParameters{
              .server_max_window_bits = server_bits,
              .client_max_window_bits =
                  std::min(options.client_max_window_bits, answer.client_max_window_bits.value_or(15)),
              .server_no_context_takeover = answer.server_no_context_takeover,
              .client_no_context_takeover =
                  answer.client_no_context_takeover || options.client_no_context_takeover,
          }};
}

void append_extension_offer(std::string& out, DeflateOptions const& options) {
  out += deflate_name;
  if (options.server_no_context_takeover) out += "; server_no_context_takeover";
  if (options.client_no_context_takeover) out += "; client_no_context_takeover";
  if (options.server_max_window_bits < 15)
    out.append("; server_max_window_bits=").append(std::to_string(options.server_max_window_bits));
  out += "; client_max_window_bits";
  if (options.client_max_window_bits < 15)
    out.append("=").append(std::to_string(options.client_max_window_bits));
}

void append_extension(std::string& out, DeflateParameters const& agreed) {
  out += deflate_name;
  if (agreed.server_no_context_takeover) out += "; server_no_context_takeover";
  if (agreed.client_no_context_takeover) out += "; client_no_context_takeover";
  if (agreed.server_max_window_bits < 15)
    out.append("; server_max_window_bits=").append(std::to_string(agreed.server_max_window_bits));
  if (agreed.client_max_window_bits < 15)
    out.append("; client_max_window_bits=").append(std::to_string(agreed.client_max_window_bits));
}

}}}  // namespace aerie::v1::websocket
