#pragma once

/// \file
/// What a turn of the event loop leaves for its end, and what lives until then. Belongs to one shard.

#include <aerie/core/api.hpp>
#include <aerie/core/linked.hpp>
#include <aerie/core/mailbox.hpp>
#include <aerie/core/owned.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace aerie { inline namespace v1 {

class Logger;

namespace core {

class Burst;
class JointSender;
class Stream;

/// Work embedded in the object that needs it, run once in the shard's loop. Destroying it takes it back.
class AERIE_API Runnable : public Linked {
 public:
  virtual ~Runnable() = default;
  virtual void run() = 0;
};

/// Work of the end of a turn, embedded in the object that needs it: it runs once, after everything that has
/// arrived in the turn was handled and before anything is written. Whoever embeds it is destroyed by
/// `retire`.
class AERIE_API TurnEnd {
 public:
  virtual ~TurnEnd() = default;
  virtual void on_turn_end() = 0;

 private:
  friend class Turn;
  bool scheduled_ = false;
};

/// Something that has lost its owner and lives on until it is done.
class AERIE_API Adopted {
 public:
  virtual ~Adopted() = default;

 private:
  friend class Turn;
  std::size_t place_ = 0;
};

class AERIE_API Turn {
 public:
  /// What escapes from what is run here is written to `log`, and the next one is run.
  Turn(Mailbox& mailbox, Logger const& log);
  ~Turn();
  Turn(Turn const&) = delete;
  Turn& operator=(Turn const&) = delete;

  // What is left for the end. Outside a turn each also asks for one.
  void run_soon(Runnable& work) noexcept;
  void at_end(TurnEnd& work);
  void write(Stream& stream) {
    dirty_.push_back(&stream);
    outside_turn_work();
  }
  /// What ends is taken also when memory is out: there is room for 64 more at any time. Where that has been
  /// used up, and there still is no more memory, the process ends.
  void retire(void* object, void (*destroy)(void*)) noexcept;
  void retire(std::shared_ptr<void> object) noexcept;
  void pass_on(Mailbox& to, Mailbox::Letter letter);

  /// From now on `sender` sends what several streams have to send at the end of a turn.
  void send_by(std::unique_ptr<JointSender> sender) noexcept;

  // What may be appended to until then.
  void opened(Burst& burst) { bursts_.push_back(&burst); }
  void forgotten(Burst& burst) noexcept { std::erase(bursts_, &burst); }

  void adopt(std::unique_ptr<Adopted> object);
  void dismiss(Adopted& object);

  void run_posted() {
    if (mailbox_.pending()) run_letters();
  }
  void run_runnables() {
    if (!runnables_.empty()) run_linked();
  }
  /// Runs what was left for the end, writes, and destroys what was retired.
  void end() {
    if (has_leftovers() || !bursts_.empty()) finish();
  }
  bool has_work() const noexcept { return mailbox_.pending() || has_leftovers() || !runnables_.empty(); }
  /// Destroys everything; true if there was anything.
  bool clear();

  bool begun() const noexcept { return begun_; }

 private:
  friend class InTurn;
  struct Retired {
    void* object;
    void (*destroy)(void*);
  };
  struct Passed {
    Mailbox* to;
    std::vector<Mailbox::Letter> letters;
  };

  /// What was asked for outside a turn needs a turn.
  void outside_turn_work() {
    if (!begun_) mailbox_.wake();
  }
  bool has_leftovers() const noexcept {
    return !dirty_.empty() || !turn_ends_.empty() || !retired_.empty() || !kept_.empty() || passing_;
  }
  void run_letters();
  void run_linked();
  void finish();
  void send_jointly() noexcept;
  void pass_on();
  /// Within a catch block: its turn to write has thrown.
  void end_connection(Stream& stream) noexcept;
  void close_bursts() {
    if (!bursts_.empty()) close_open_bursts();
  }
  void close_open_bursts();

  Mailbox& mailbox_;
  Logger const& log_;
  bool begun_ = false;
  bool passing_ = false;
  LinkedList<Runnable> runnables_;
  // Each with a spare, to be filled while it is worked off: so none is allocated anew in every turn.
  std::vector<Stream*> dirty_, dirty_spare_;
  Owned<JointSender> sender_;  // null: each stream sends by itself
  std::vector<Burst*> bursts_;
  std::vector<TurnEnd*> turn_ends_, turn_ends_spare_;
  std::vector<Retired> retired_, retired_spare_;
  std::vector<std::shared_ptr<void>> kept_, kept_spare_;
  std::vector<Mailbox::Letter> letters_spare_;
  std::vector<Owned<Adopted>> adopted_;
  std::vector<Passed> passed_;  // by shard, once each has been passed something
};

}  // namespace core
}}  // namespace aerie::v1
