#include "http/characters.hpp"
#include "http/forwarded.hpp"
#include "http/head_builder.hpp"
#include "http/head_parser.hpp"

#include <aerie/http/cookie.hpp>
#include <aerie/http/request_head.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <new>

namespace aerie { inline namespace v1 { namespace http {

namespace {

/// Names as browsers, Node and proxies spell them, sorted by size.
constexpr std::array<std::string_view, 28> known_names{
    "Host",
    "Accept",
    "Cookie",
    "Origin",
    "Pragma",
    "Referer",
    "Upgrade",
    "sec-ch-ua",
    "Connection",
    "User-Agent",
    "Content-Type",
    "Authorization",
    "Cache-Control",
    "Content-Length",
    "Sec-Fetch-Dest",
    "Sec-Fetch-Mode",
    "Sec-Fetch-Site",
    "Accept-Encoding",
    "Accept-Language",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "sec-ch-ua-mobile",
    "Sec-WebSocket-Key",
    "X-Forwarded-Proto",
    "sec-ch-ua-platform",
    "Sec-WebSocket-Version",
    "Sec-WebSocket-Protocol",
    "Sec-WebSocket-Extensions",
};
constexpr std::size_t longest_known = known_names.back().size();

constexpr std::size_t place_of(std::string_view name) {
  return static_cast<std::size_t>(std::ranges::find(known_names, name) - known_names.begin());
}

struct KnownLine {
  std::size_t name;
  std::string_view value;
};

/// Lines that browsers send with a handshake, byte by byte; in the order of their names.
constexpr std::array known_lines{
    KnownLine{place_of("Accept"), "*/*"},
    KnownLine{place_of("Pragma"), "no-cache"},
    KnownLine{place_of("Upgrade"), "websocket"},
    KnownLine{place_of("Connection"), "Upgrade"},
    KnownLine{place_of("Connection"), "keep-alive"},
    KnownLine{place_of("Connection"), "keep-alive, Upgrade"},
    KnownLine{place_of("Cache-Control"), "no-cache"},
    KnownLine{place_of("Sec-Fetch-Dest"), "empty"},
    KnownLine{place_of("Sec-Fetch-Dest"), "websocket"},
    KnownLine{place_of("Sec-Fetch-Mode"), "cors"},
    KnownLine{place_of("Sec-Fetch-Mode"), "websocket"},
    KnownLine{place_of("Sec-Fetch-Site"), "same-origin"},
    KnownLine{place_of("Sec-Fetch-Site"), "same-site"},
    KnownLine{place_of("Sec-Fetch-Site"), "cross-site"},
    KnownLine{place_of("Accept-Encoding"), "gzip, deflate, br, zstd"},
    KnownLine{place_of("Accept-Encoding"), "gzip, deflate, br"},
    KnownLine{place_of("Accept-Encoding"), "gzip, deflate"},
    KnownLine{place_of("X-Forwarded-Proto"), "https"},
    KnownLine{place_of("Sec-WebSocket-Version"), "13"},
    KnownLine{place_of("Sec-WebSocket-Extensions"), "permessage-deflate; client_max_window_bits"},
    KnownLine{place_of("Sec-WebSocket-Extensions"), "permessage-deflate"},
};
static_assert(std::ranges::is_sorted(known_lines, {}, &KnownLine::name));
static_assert(known_lines.back().name < known_names.size());

/// Where in `known_lines` those of each name begin.
constexpr auto first_of_name = [] {
  std::array<std::uint8_t, known_names.size() + 1> first{};
  for (std::size_t name = 0; name < first.size(); ++name) {
    while (first[name] < known_lines.size() && known_lines[first[name]].name < name)
      ++first[name];
  }
  return first;
}();

/// Where in `known_names` those of each size begin.
constexpr auto first_of_size = [] {
  std::array<std::uint8_t, longest_known + 2> first{};
  for (std::size_t size = 0; size < first.size(); ++size) {
    while (first[size] < known_names.size() && known_names[first[size]].size() < size)
      ++first[size];
  }
  return first;
}();
static_assert(std::ranges::is_sorted(known_names, {}, &std::string_view::size));

/// Of which names each client has a value of its own: a bit for each.
constexpr auto own_names = [] {
  std::uint32_t own = 0;
  for (auto const* name : {"Authorization", "Content-Length", "Cookie", "Referer", "Sec-WebSocket-Key",
                           "Sec-WebSocket-Protocol", "X-Forwarded-For"})
    own |= std::uint32_t{1} << place_of(name);
  return own;
}();
static_assert(known_names.size() <= 32);

/// False for most characters that are not the same letter, of whichever case.
constexpr bool may_be_equal(char a, char b) noexcept {
  return ((a ^ b) & ~0x20) == 0;
}

}  // namespace

std::string_view RequestHead::known_name(std::uint16_t number) noexcept {
  return known_names[number - first_known];
}

RequestHead::Line RequestHead::known_line(std::uint16_t number) noexcept {
  auto const& line = known_lines[number - first_known_line];
  return {known_names[line.name], line.value};
}

bool RequestHead::is_own(std::uint16_t number) noexcept {
  return number < first_known || (own_names >> (number - first_known) & 1U) != 0;
}

std::string_view to_string(Method method) noexcept {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::del:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::trace:
      return "TRACE";
    case Method::connect:
      return "CONNECT";
  }
  return {};
}

std::optional<RequestHead> RequestHead::parse(std::string_view text) {
  HeadParser parser{HeadLimits{}};
  if (parser.parse(text) != HeadParser::Status::complete) return std::nullopt;
  return parser.head(text);
}

void RequestHead::Common::release() noexcept {
  if (references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  this->~Common();
  ::operator delete(this);
}

void RequestHead::release() noexcept {
  if (block_ == nullptr || block_->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  if (block_->shares) block_->common()->release();
  block_->~Block();
  ::operator delete(block_);
}

std::optional<RequestHead::Line> RequestHead::find(std::string_view name) const noexcept {
  Lines lines(*block_);
  for (unsigned i = 0; i < block_->header_count; ++i) {
    auto const line = lines.take();
    if (line.name.size() != name.size() || !may_be_equal(line.name.front(), name.front())) continue;
    if (equal_ignoring_case(line.name, name)) return line;
  }
  return std::nullopt;
}

std::string_view RequestHead::header(std::string_view name) const noexcept {
  auto const line = find(name);
  return line ? line->value : std::string_view{};
}

bool RequestHead::has(std::string_view name) const noexcept {
  return find(name).has_value();
}

std::string RequestHead::host() const {
  return Forwarded(*this).host();
}

std::optional<std::string> RequestHead::cookie(std::string_view name) const {
  return cookie_value(header("cookie"), name);
}

HeadBuilder::HeadBuilder(std::string_view target, std::size_t lines_size) {
  auto const slash_missing = target.empty() || target.front() == '?';
  auto const target_size = target.size() + (slash_missing ? 1 : 0);
  auto const size = target_size + lines_size;
  auto* const block = ::new (::operator new(sizeof(RequestHead::Block) + size)) RequestHead::Block;
  head_.block_ = block;
  at_ = reinterpret_cast<char*>(block + 1);
  if (slash_missing) append("/");
  append(target);
  block->text_size = static_cast<std::uint32_t>(size);
  block->target_size = static_cast<std::uint16_t>(target_size);
  auto const path = head_.target().substr(0, head_.target().find('?'));
  block->path_size = static_cast<std::uint16_t>(path.size());
}

void HeadBuilder::append(std::string_view text) noexcept {
  std::memcpy(at_, text.data(), text.size());
  at_ += text.size();
}

void HeadBuilder::append_number(std::size_t number) noexcept {
  auto const number16 = static_cast<std::uint16_t>(number);
  std::memcpy(at_, &number16, sizeof number16);
  at_ += sizeof number16;
}

std::uint16_t HeadBuilder::number_of(std::string_view name, std::string_view value) noexcept {
  if (name.size() > longest_known) return 0;
  for (std::size_t i = first_of_size[name.size()]; i < first_of_size[name.size() + 1]; ++i) {
    if (known_names[i].front() != name.front() || known_names[i] != name) continue;
    for (std::size_t line = first_of_name[i]; line < first_of_name[i + 1]; ++line) {
      if (known_lines[line].value == value)
        return static_cast<std::uint16_t>(RequestHead::first_known_line + line);
    }
    return static_cast<std::uint16_t>(RequestHead::first_known + i);
  }
  return 0;
}

void HeadBuilder::add(std::uint16_t number, std::string_view name, std::string_view value) noexcept {
  ++head_.block_->header_count;
  append_number(number != 0 ? number : name.size());
  if (number >= RequestHead::first_known_line) return;
  if (number == 0) append(name);
  append_number(value.size());
  append(value);
}

RequestHead HeadBuilder::finish(Facts facts) noexcept {
  auto& block = *head_.block_;
  block.method = facts.method;
  block.minor = facts.minor & 0x0fU;
  block.keep_alive = facts.keep_alive;
  block.upgrade = facts.upgrade;
  return std::move(head_);
}

}}}  // namespace aerie::v1::http
