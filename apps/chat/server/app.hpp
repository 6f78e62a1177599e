#pragma once

/// \file
/// The program: the application, its settings, and how it ends. Belongs to the thread that runs it.

#include "config.hpp"

#include <aerie/gateway/application.hpp>

#include <string>

namespace chat {

class App {
 public:
  /// Opens the database and listens. Throws std::exception with a sentence for the operator.
  explicit App(aerie::ConfigOptions const& settings);
  App(App const&) = delete;
  App& operator=(App const&) = delete;

  /// Where it can be reached: "http://localhost:4000".
  std::string url() const;

  /// Serves until SIGTERM or SIGINT; what was accepted until then is stored and answered. A second signal
  /// ends the program at once.
  void run() { app_.run(); }

 private:
  void listen();

  Config config_;
  aerie::Application app_;
};

}  // namespace chat
