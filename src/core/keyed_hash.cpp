#include <aerie/core/keyed_hash.hpp>

#include <sys/random.h>

#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <system_error>

namespace aerie { inline namespace v1 { namespace core {
namespace {

struct Key {
  std::uint64_t low;
  std::uint64_t high;
};

// From the system, as the random part of ids.
Key draw_key() {
  Key key;
  while (::getrandom(&key, sizeof key, 0) != sizeof key) {
    if (errno != EINTR) throw std::system_error(errno, std::system_category(), "aerie: no random bytes");
  }
  return key;
}

// The permutation of four words that SipHash is made of (Aumasson and Bernstein, "SipHash: a fast short-input
// PRF").
struct SipState {
  std::uint64_t a;
  std::uint64_t b;
  std::uint64_t c;
  std::uint64_t d;

  void round() {
    a += b;
    b = std::rotl(b, 13) ^ a;
    a = std::rotl(a, 32);
    c += d;
    d = std::rotl(d, 16) ^ c;
    a += d;
    d = std::rotl(d, 21) ^ a;
    c += b;
    b = std::rotl(b, 17) ^ c;
    c = std::rotl(c, 32);
  }

  void absorb(std::uint64_t word) {
    d ^= word;
    round();
    a ^= word;
  }
};

}  // namespace

std::uint64_t keyed_hash(std::string_view text) noexcept {
  static Key const key = draw_key();
  SipState state{.a = key.low ^ 0x736f6d6570736575,
                 .b = key.high ^ 0x646f72616e646f6d,
                 .c = key.low ^ 0x6c7967656e657261,
                 .d = key.high ^ 0x7465646279746573};

  std::uint64_t word = 0;
  std::size_t i = 0;
  for (; i + sizeof word <= text.size(); i += sizeof word) {
    std::memcpy(&word, text.data() + i, sizeof word);
    state.absorb(word);
  }
  word = std::uint64_t{text.size()} << 56U;
  for (unsigned shift = 0; i < text.size(); ++i, shift += 8) {
    word |= std::uint64_t{static_cast<unsigned char>(text[i])} << shift;
  }
  state.absorb(word);

  state.c ^= 0xFF;
  for (int n = 0; n < 3; ++n)
    state.round();
  return state.a ^ state.b ^ state.c ^ state.d;
}

}}}  // namespace aerie::v1::core
