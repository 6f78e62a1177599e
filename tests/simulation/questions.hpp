#pragma once

/// \file
/// Events that are sent again until they are answered, and what must hold of them: a client that comes back
/// as whoever it was hears each one that its session has, and whoever has asked is answered once, with what
/// the client has said.

#include "simulation/random.hpp"
#include "simulation/recovery_client.hpp"
#include "simulation/simulation.hpp"

#include <aerie/socketio/event_log.hpp>
#include <aerie/socketio/socket.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace aerie::simulation {

class Questions {
 public:
  /// A client's socket is asked.
  void ask(Socket& socket, std::string const& client) {
    auto const number = ++last_number_;
    questions_.push_back({.number = number, .client = client});
    socket.at_least_once(ms(600'000)).emit("q", number, [this, number](AckReply const& reply) {
      replied(number, reply);
    });
  }
  /// What has come to a client. It answers some of it.
  void heard(RecoveryClient& client, Random& random) {
    for (auto const& [number, id] : client.take_questions()) {
      auto* const question = find(number);
      if (question == nullptr) throw Broken("question " + std::to_string(number) + " is nobody's any more");
      question->is_heard = true;
      ++deliveries_;
      if (random.one_in(2)) continue;
      question->is_answered = true;
      client.answer(id, number);
    }
  }
  /// What the log has of a client's session; null if it has none.
  void kept(std::string const& client, std::uint64_t now, socketio::SessionRecord const* record) {
    if (record == nullptr || record->unanswered.empty()) return;
    for (auto& question : questions_) {
      auto const is_kept = question.client == client && question.kept_at == 0 &&
                           std::ranges::any_of(record->unanswered, [&](auto const& event) {
                             return event->payload.values()[1] == Value(question.number);
                           });
      if (is_kept) question.kept_at = now;
    }
  }
  /// The log has lost what it has got since then.
  void lost_since(std::uint64_t time) {
    for (auto& question : questions_)
      if (question.kept_at >= time) question.kept_at = 0;
  }
  /// The client's session is another one from now on.
  void ended(std::string const& client) {
    for (auto& question : questions_) {
      if (question.client != client) continue;
      question.client.clear();
      question.is_heard = true;
    }
  }
  /// Everybody is there, and nothing is under way. Throws Broken.
  void settle() {
    if (!fault_.empty()) throw Broken(fault_);
    for (auto const& question : questions_) {
      if (question.kept_at != 0 && !question.is_heard)
        throw Broken("question " + std::to_string(question.number) + " to client " + question.client +
                     " was not asked again");
    }
  }
  std::uint64_t deliveries() const noexcept { return deliveries_; }

 private:
  struct Question {
    std::int64_t number;
    std::string client;
    /// When the log had it with the session; 0: it has not.
    std::uint64_t kept_at = 0;
    bool is_heard = false;
    bool is_answered = false;
    bool is_replied = false;
  };

  Question* find(std::int64_t number) {
    auto const found = std::ranges::find(questions_, number, &Question::number);
    return found == questions_.end() ? nullptr : &*found;
  }
  /// What is thrown here is the server's to handle, so it is only written down.
  void replied(std::int64_t number, AckReply const& reply) {
    auto& question = *find(number);
    auto const name = "question " + std::to_string(number);
    if (std::exchange(question.is_replied, true)) fault_ = name + " has two answers";
    if (reply.ok() && (!question.is_answered || reply.args()[0] != Value(number)))
      fault_ = name + " has an answer that nobody has given";
  }

  std::int64_t last_number_ = 0;
  std::vector<Question> questions_;
  std::string fault_;
  std::uint64_t deliveries_ = 0;
};

}  // namespace aerie::simulation
