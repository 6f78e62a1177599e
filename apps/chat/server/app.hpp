#pragma once

/// \file
/// The program: every part of the chat, put together. Belongs to the thread that runs it.

#include "auth/sign_in.hpp"
#include "auth/tokens.hpp"
#include "config.hpp"
#include "http/api.hpp"
#include "realtime/announcer.hpp"
#include "realtime/chat_sockets.hpp"
#include "rooms/messages.hpp"
#include "rooms/presence.hpp"
#include "rooms/rooms.hpp"
#include "store/sqlite_store.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/http/server.hpp>
#include <aerie/socketio/server.hpp>

#include <memory>

namespace chat {

class App {
 public:
  /// Opens the database and listens. Throws std::exception with a sentence for the operator.
  explicit App(Config config);
  ~App();
  App(App const&) = delete;
  App& operator=(App const&) = delete;

  /// Where it can be reached: "http://localhost:4000".
  std::string url() const;

  /// Serves until SIGTERM or SIGINT; what was accepted until then is stored and answered. A second signal
  /// ends the program at once.
  void run();

 private:
  void listen();
  void on_signal();
  aerie::Task<void> close();
  aerie::Task<void> give_up_closing();

  Config config_;
  aerie::Runtime runtime_;
  aerie::http::Server http_;
  std::unique_ptr<aerie::Server> io_;
  Announcer announcer_;
  std::unique_ptr<MessageStore> store_;
  Tokens tokens_;
  SignIn sign_in_{*store_, tokens_};
  Rooms rooms_{*store_};
  Messages messages_{*store_};
  Presence presence_{[this](RoomId room) { announcer_.presence_changed(presence_, room); }};
  Api api_;
  ChatSockets sockets_;
  bool closing_ = false;
};

}  // namespace chat
