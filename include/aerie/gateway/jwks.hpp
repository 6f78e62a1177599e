#pragma once

/// \file
/// Keys of a server of identities, which it publishes and changes: read from its URL, or from a file.
///
///     m.imports(aerie::JwtModule::for_root({.jwks = aerie::JwksOptions{
///         .url = "https://login.example/.well-known/jwks.json"}}));

#include <aerie/auth/jwks.hpp>
#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/owned.hpp>
#include <aerie/core/task.hpp>
#include <aerie/tls/client_options.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

class Runtime;

/// Times are between 1 ms and 30 days, but for `pause`, which may be nothing.
struct JwksOptions {
  /// Of the set; https, as whoever answers for it can sign.
  std::string url{};
  /// A file with the set, instead of a URL.
  std::string file{};
  /// How old keys may be before they are read again, when the next token comes that they are needed for.
  core::Milliseconds refresh = std::chrono::minutes{10};
  /// How long it is waited between two readings, whoever asks: tokens with keys that do not exist cost the
  /// server of identities no more than this.
  core::Milliseconds pause = std::chrono::seconds{30};
  /// How long keys are good for that cannot be read again.
  core::Milliseconds keep = std::chrono::hours{24};
  /// Of one reading.
  core::Milliseconds timeout = std::chrono::seconds{5};
  /// What is read at most.
  auth::JwksLimits limits{};
  /// Whom to trust.
  tls::ClientOptions tls{};
  /// Takes an http URL, too: then whoever stands in between can sign.
  bool allow_http = false;
  /// How the set is read, instead of the above: its text, or an exception. Called on the first shard, one
  /// call at a time; it is not waited for longer than `timeout`.
  std::function<Task<std::string>()> read{};
};

/// Reads keys when they are needed, and keeps them. Any thread.
class AERIE_API JwksSource {
 public:
  /// Throws gateway::StartError for options that cannot work. Nothing is read yet.
  JwksSource(Runtime& runtime, JwksOptions options);
  ~JwksSource();

  /// Those that are known at present; null if there are none, or they are older than `keep`.
  std::shared_ptr<auth::KeySet const> keys() const;
  /// Whether a token's key is not known, or the keys should be read again.
  bool wants_to_read(std::string_view key_id) const;
  /// Reads them, or waits for who is reading, if it may be; never throws but Cancelled: what has gone wrong
  /// is in the log.
  Task<void> read();
  /// Readings that were begun.
  std::size_t readings() const noexcept;

 private:
  class State;
  core::Owned<State> state_;
};

}}  // namespace aerie::v1
