#pragma once

// The module that test.cpp tests and deployment.cpp runs.
#include <aerie/core/sleep.hpp>
#include <aerie/gateway/gateways.hpp>

#include <chrono>
#include <cstdint>
#include <string>

struct Reminder {
  std::string text;
  std::int64_t seconds = 0;

  static void describe(aerie::Schema<Reminder>& s) {
    s.field<&Reminder::text>().length(1, 100);
    s.field<&Reminder::seconds>().minimum(1).maximum(3600);
  }
};

// An interface, so that tests can put something else in its place.
class Wording {
 public:
  virtual ~Wording() = default;
  virtual std::string of(Reminder const& reminder) = 0;
};

class PoliteWording : public Wording {
 public:
  std::string of(Reminder const& reminder) override { return "Please remember: " + reminder.text; }
};

class ReminderGateway {
 public:
  explicit ReminderGateway(Wording& wording) : wording_(wording) {}

  static void describe(aerie::Gateway<ReminderGateway>& g) {
    g.at("/reminders");
    g.use<aerie::ValidationPipe>();
    g.on<&ReminderGateway::remind>("remind");
    g.on<&ReminderGateway::count>("count");
  }

  // A task may wait without holding up anybody.
  aerie::Task<aerie::Event<std::string>> remind(Reminder const& reminder) {
    ++count_;
    co_await aerie::sleep_for(std::chrono::seconds(reminder.seconds));
    co_return aerie::Event<std::string>{"reminder", wording_.of(reminder)};
  }
  std::int64_t count() const { return count_; }

 private:
  Wording& wording_;
  std::int64_t count_ = 0;
};

struct ReminderModule {
  static void describe(aerie::Module& m) {
    m.provides<Wording, PoliteWording>();
    m.gateways<ReminderGateway>();
  }
};
