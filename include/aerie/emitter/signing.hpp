#pragma once

/// \file
/// Messages of a cluster that are signed, so that whoever can reach Redis, but has no key of the cluster,
/// cannot speak for one of its servers. See docs/cluster.md; docs/redis-format.md has the bytes.
///
///     aerie::RedisAdapter{.url = url, .signing = {.keys = {new_key, old_key}}}

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace aerie { inline namespace v1 { namespace emitter {

/// The keys of a cluster. All of its servers and emitters need them: what is not signed is refused, and what
/// official servers write is not. Plain values.
struct SigningOptions {
  /// Any bytes, at least 32 of each, that nobody can guess: `openssl rand -base64 48`. The first one signs;
  /// what any of them has signed is accepted, so that keys are changed one server after the other. None:
  /// nothing is signed, and nothing is asked for.
  std::vector<std::string> keys = {};
  /// How long a message may be under way, by the clocks of the two servers; so long it is remembered, and
  /// accepted once. 6 s to 1 h.
  core::Milliseconds max_age = std::chrono::seconds{60};
};

/// Why a message is refused.
enum class Refusal : std::uint8_t {
  none,
  not_signed,  ///< It has no signature: of an official server, or of one without keys.
  wrong_key,   ///< The signature is of none of the keys, or the message was changed, or is for another
               ///< channel.
  too_old,     ///< It was signed longer than `max_age` ago, or as far in the future.
  repeated,    ///< It has come before.
};

/// "not signed", "wrong key" ...
AERIE_API std::string_view name_of(Refusal refusal) noexcept;

/// What was remembered of the numbers of one sender: a set in which most of the latest are. Without I/O.
class AERIE_API SeenNumbers {
 public:
  /// How many numbers below the highest one are remembered. What is further behind counts as seen.
  static constexpr std::uint64_t reach = std::uint64_t{1} << 18U;

  /// False if it was there.
  bool insert(std::uint64_t number);

 private:
  // Bits, from `first_ * 64` on.
  std::deque<std::uint64_t> words_;
  std::uint64_t first_ = 0;
};

/// Signs messages of one sender, and examines those of all: HMAC-SHA256 (RFC 2104) of the channel, the
/// sender, a number, the time and the payload. Bytes and times in, bytes out. Belongs to one thread.
class AERIE_API Signer {
 public:
  /// Throws std::invalid_argument for impossible options; `whose` is who has them, for the message: "the
  /// Redis adapter".
  Signer(SigningOptions options, std::string_view whose);
  ~Signer();
  Signer(Signer const&) = delete;
  Signer& operator=(Signer const&) = delete;

  /// False: nothing happens to messages.
  bool active() const noexcept { return !options_.keys.empty(); }
  /// What is published for this payload.
  std::string sign(std::string_view channel, std::string payload, core::WallTime now);
  struct Examined {
    Refusal refusal = Refusal::none;
    /// A part of what was given.
    std::string_view payload = {};
  };
  /// What has come from a channel.
  Examined examine(std::string_view channel, std::string_view signed_payload, core::WallTime now);

 private:
  struct Sender {
    std::int64_t latest = 0;
    SeenNumbers numbers{};
  };

  bool is_by_one_of_us(std::string_view channel, std::string_view message);
  bool is_new(std::uint64_t sender, std::uint64_t number, std::int64_t time, std::int64_t now);
  void forget_the_old(std::int64_t now);

  SigningOptions options_;
  std::uint64_t id_;
  std::uint64_t last_number_ = 0;
  // Only who has a key gets here.
  std::unordered_map<std::uint64_t, Sender> senders_;
  std::size_t senders_allowed_ = 64;
  std::string signed_text_;
};

}}}  // namespace aerie::v1::emitter
