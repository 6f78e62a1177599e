#pragma once

/// \file
/// Finds out whether another server has the id of this one, as when a machine was copied while it ran. Each
/// would take what the other publishes for its own, and ignore it.

#include <aerie/core/clock.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace cluster {

/// Greetings are sent to a server's own channel, to which only servers of its id are subscribed: each has a
/// number that was drawn for it, so who hears one that it has not sent is not alone. Texts and times in,
/// texts out; the number is given from outside. Belongs to one thread.
class IdWatch {
 public:
  /// A conflict is over when nothing has been heard for so long.
  static constexpr core::Milliseconds memory = std::chrono::seconds{30};
  /// During a conflict a greeting is due this often.
  static constexpr core::Milliseconds interval = std::chrono::seconds{10};

  /// `id`: of this server, on the wire.
  explicit IdWatch(std::string_view id);

  enum class Kind : bool { question, answer };
  /// Is JSON that both official adapters ignore. `number`: random.
  std::string greeting(std::uint64_t number, Kind kind);

  enum class Heard : std::uint8_t {
    nothing,  ///< It is no greeting.
    own,
    answer,    ///< Another server has this id.
    question,  ///< The same, and it wants to hear that this one has it.
  };
  /// What has come to this server's channel.
  Heard hear(std::string_view payload, core::TimePoint now);

  bool conflict(core::TimePoint now) const noexcept { return now < conflict_until_; }
  /// Begins anew.
  void reset();

 private:
  std::string beginning_;
  // Greetings that are under way. One that is lost stays until it is pushed out.
  std::deque<std::string> sent_;
  core::TimePoint conflict_until_{};
};

}}}  // namespace aerie::v1::cluster
