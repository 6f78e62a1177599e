#pragma once

#include <signal.h>

#include <memory>

namespace aerie { inline namespace v1 { namespace core {

/// Signals that the process is sent, as a descriptor that an event loop waits for. Belongs to one thread; the
/// threads that it starts afterwards are not interrupted by them either.
class SignalSource {
 public:
  /// Throws std::system_error.
  SignalSource();
  /// They mean again what they meant before. Those that have come and were not taken go unheard: they would
  /// end a process that is ending well.
  ~SignalSource();
  SignalSource(SignalSource const&) = delete;
  SignalSource& operator=(SignalSource const&) = delete;

  /// From now on these come here as well. Throws std::system_error; then nothing has changed.
  void add(sigset_t const& signals);
  /// Readable while there is one.
  int descriptor() const noexcept;
  /// The next one; 0 if there is none.
  int next() noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}}}  // namespace aerie::v1::core
