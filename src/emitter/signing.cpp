#include <aerie/core/random.hpp>
#include <aerie/emitter/signing.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace emitter {

namespace {

// A byte that begins neither JSON nor MessagePack: who knows of no signatures takes it for garbage.
constexpr std::string_view mark(
    "\xC1"
    "A1",
    3);
constexpr std::size_t number_size = 8;
constexpr std::size_t mac_size = 32;
constexpr std::size_t head_size = 3 + 3 * number_size;  // the mark, the sender, the number, the time
constexpr std::size_t envelope_size = head_size + mac_size;
// RFC 2104 §3: a key that is shorter than the hash is weaker than it.
constexpr std::size_t shortest_key = 32;
constexpr core::Milliseconds least_age = std::chrono::seconds{6};
constexpr core::Milliseconds most_age = std::chrono::hours{1};
// A text that was large leaves no large buffer behind.
constexpr std::size_t most_kept = 64 * 1024;

using Mac = std::array<unsigned char, mac_size>;

void append(std::string& out, std::uint64_t number) {
  for (unsigned shift = 64; shift > 0; shift -= 8)
    out.push_back(static_cast<char>(number >> (shift - 8)));
}

std::uint64_t number_at(std::string_view text, std::size_t at) {
  std::uint64_t number = 0;
  for (char const byte : text.substr(at, number_size))
    number = number << 8U | static_cast<unsigned char>(byte);
  return number;
}

std::int64_t milliseconds(core::WallTime time) {
  return std::chrono::duration_cast<core::Milliseconds>(time.time_since_epoch()).count();
}

Mac mac_of(std::string_view key, std::string_view text) {
  Mac mac{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<unsigned char const*>(text.data()), text.size(), mac.data(), &size) == nullptr)
    throw std::runtime_error("aerie: OpenSSL could not compute an HMAC");
  return mac;
}

// What is signed: the length of the channel's name keeps it apart from what follows.
void write_signed_text(std::string& out, std::string_view channel, std::string_view head,
                       std::string_view payload) {
  if (out.capacity() > most_kept) out = std::string();
  out.clear();
  append(out, channel.size());
  out.append(channel).append(head).append(payload);
}

std::uint64_t new_sender() {
  auto const random = core::random_bytes<number_size>();
  return number_at({random.data(), random.size()}, 0);
}

[[noreturn]] void refuse(std::string_view whose, std::string const& what) {
  throw std::invalid_argument("aerie: signing of " + std::string(whose) + ": " + what);
}

void check(SigningOptions const& options, std::string_view whose) {
  for (auto key = options.keys.begin(); key != options.keys.end(); ++key) {
    if (key->size() < shortest_key)
      refuse(whose,
             "a key has " + std::to_string(key->size()) +
                 " bytes, and could be guessed: give it at least 32 random ones (openssl rand -base64 48)");
    if (std::find(options.keys.begin(), key, *key) != key)
      refuse(whose, "a key is there twice: the first key signs, the others are those that were, or will be");
  }
  if (options.max_age < least_age || options.max_age > most_age)
    refuse(whose,
           "max_age is " + std::to_string(options.max_age.count()) +
               " ms: a message may wait for seconds to be sent, and is remembered so long; give it 6 s to 1 "
               "h, 60 s is usual");
}

}  // namespace

std::string_view name_of(Refusal refusal) noexcept {
  switch (refusal) {
    case Refusal::none:
      return "none";
    case Refusal::not_signed:
      return "not signed";
    case Refusal::wrong_key:
      return "wrong key";
    case Refusal::too_old:
      return "too old";
    case Refusal::repeated:
      return "repeated";
  }
  return "?";
}

bool SeenNumbers::insert(std::uint64_t number) {
  constexpr std::uint64_t bits = 64;
  constexpr auto most_words = reach / bits;
  auto const word = number / bits;
  if (words_.empty() || (word > first_ && word - first_ >= 2 * most_words)) {
    words_.clear();
    first_ = word;
  }
  auto const end = first_ + words_.size();
  if (word < first_ && end - word > most_words) return false;
  for (; word < first_; --first_)
    words_.push_front(0);
  while (word >= first_ + words_.size())
    words_.push_back(0);
  for (; words_.size() > most_words; ++first_)
    words_.pop_front();
  auto& bits_here = words_[word - first_];
  auto const bit = std::uint64_t{1} << (number % bits);
  if ((bits_here & bit) != 0) return false;
  bits_here |= bit;
  return true;
}

Signer::Signer(SigningOptions options, std::string_view whose)
    : options_(std::move(options)), id_(new_sender()) {
  check(options_, whose);
}

Signer::~Signer() {
  for (auto& key : options_.keys)
    OPENSSL_cleanse(key.data(), key.size());
}

std::string Signer::sign(std::string_view channel, std::string payload, core::WallTime now) {
  if (!active()) return payload;
  std::string out;
  out.reserve(envelope_size + payload.size());
  out.append(mark);
  append(out, id_);
  append(out, ++last_number_);
  append(out, static_cast<std::uint64_t>(milliseconds(now)));
  write_signed_text(signed_text_, channel, out, payload);
  auto const mac = mac_of(options_.keys.front(), signed_text_);
  out.append(mac.begin(), mac.end()).append(payload);
  return out;
}

Signer::Examined Signer::examine(std::string_view channel, std::string_view signed_payload,
                                 core::WallTime now) {
  if (!active()) return {.payload = signed_payload};
  if (signed_payload.size() < envelope_size || !signed_payload.starts_with(mark))
    return {.refusal = Refusal::not_signed};
  if (!is_by_one_of_us(channel, signed_payload)) return {.refusal = Refusal::wrong_key};
  auto const sender = number_at(signed_payload, mark.size());
  auto const number = number_at(signed_payload, mark.size() + number_size);
  auto const time = static_cast<std::int64_t>(number_at(signed_payload, mark.size() + 2 * number_size));
  auto const here = milliseconds(now);
  auto const age = options_.max_age.count();
  if (time < here - age || time > here + age) return {.refusal = Refusal::too_old};
  if (!is_new(sender, number, time, here)) return {.refusal = Refusal::repeated};
  return {.payload = signed_payload.substr(envelope_size)};
}

/// All keys are tried, and every comparison takes the same time, wherever the difference is.
bool Signer::is_by_one_of_us(std::string_view channel, std::string_view message) {
  write_signed_text(signed_text_, channel, message.substr(0, head_size), message.substr(envelope_size));
  auto const claimed = message.substr(head_size, mac_size);
  bool good = false;
  for (auto const& key : options_.keys) {
    auto const mac = mac_of(key, signed_text_);
    good = CRYPTO_memcmp(mac.data(), claimed.data(), mac_size) == 0 || good;
  }
  return good;
}

bool Signer::is_new(std::uint64_t sender, std::uint64_t number, std::int64_t time, std::int64_t now) {
  if (senders_.size() >= senders_allowed_) forget_the_old(now);
  auto& known = senders_[sender];
  known.latest = std::max(known.latest, time);
  return known.numbers.insert(number);
}

/// Whatever those have sent is too old now.
void Signer::forget_the_old(std::int64_t now) {
  std::erase_if(senders_,
                [&](auto const& each) { return each.second.latest < now - options_.max_age.count(); });
  senders_allowed_ = std::max<std::size_t>(64, 2 * senders_.size());
}

}}}  // namespace aerie::v1::emitter
