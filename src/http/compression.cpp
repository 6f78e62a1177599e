#include "http/characters.hpp"

#include <aerie/http/compression.hpp>
#include <aerie/http/request_head.hpp>

#include <zlib.h>

#include <memory>
#include <new>

namespace aerie { inline namespace v1 { namespace http {

namespace {

constexpr int gzip_window = 15 + 16;
constexpr int zlib_window = 15;
constexpr int unlisted = -1;

/// A weight in thousandths (RFC 9110 §12.4.2); 0 if it is malformed.
int weight_of(std::string_view text) noexcept {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return 0;
  int weight = (text[0] - '0') * 1000;
  if (text.size() == 1) return weight;
  if (text[1] != '.' || text.size() > 5) return 0;
  int unit = 100;
  for (char const c : text.substr(2)) {
    if (!is_digit(c)) return 0;
    weight += (c - '0') * unit;
    unit /= 10;
  }
  return weight > 1000 ? 0 : weight;
}

/// What an Accept-Encoding says of a coding, in thousandths; `unlisted` if it says nothing.
int listed_weight(std::string_view accept_encoding, std::string_view coding) noexcept {
  int exact = unlisted;
  int any = unlisted;
  each_element(accept_encoding, [&](std::string_view element) {
    auto const semicolon = element.find(';');
    auto const name = trim(element.substr(0, semicolon));
    auto weight = 1000;
    if (semicolon != element.npos) {
      auto const parameter = trim(element.substr(semicolon + 1));
      weight =
          parameter.starts_with("q=") || parameter.starts_with("Q=") ? weight_of(parameter.substr(2)) : 0;
    }
    if (equal_ignoring_case(name, coding)) exact = weight;
    if (name == "*") any = weight;
  });
  return exact != unlisted ? exact : any;
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
  if (coding == ContentCoding::identity) return listed_weight(accept_encoding, "identity") != 0;
  return listed_weight(accept_encoding, to_string(coding)) > 0;
}

ContentCoding choose_coding(std::string_view accept_encoding) noexcept {
  auto const gzip = listed_weight(accept_encoding, "gzip");
  auto const deflate = listed_weight(accept_encoding, "deflate");
  if (gzip > 0 && gzip >= deflate) return ContentCoding::gzip;
  return deflate > 0 ? ContentCoding::deflate : ContentCoding::identity;
}

void compress(ContentCoding coding, std::string_view body, std::string& out, int level) {
  z_stream stream{};
  auto const window = coding == ContentCoding::gzip ? gzip_window : zlib_window;
  if (deflateInit2(&stream, level, Z_DEFLATED, window, MAX_MEM_LEVEL - 1, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  std::unique_ptr<z_stream, int (*)(z_stream*)> const owner(&stream, deflateEnd);
  auto const begin = out.size();
  // The bound counts the whole input, so that one call is enough.
  out.resize(begin + deflateBound(&stream, static_cast<uLong>(body.size())));
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data() + begin);
  stream.avail_out = static_cast<uInt>(out.size() - begin);
  deflate(&stream, Z_FINISH);
  out.resize(begin + stream.total_out);
}

}}}  // namespace aerie::v1::http
