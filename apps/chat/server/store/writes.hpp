#pragma once

/// \file
/// The writes of the chat, from the request to its answer.

#include "model.hpp"
#include "store/group_commit.hpp"
#include "store/message_store.hpp"

#include <aerie/core/clock.hpp>
#include <aerie/core/completion.hpp>

#include <exception>
#include <optional>
#include <string>

namespace chat {

/// A write that a task waits for.
template <class Result>
class AwaitedWrite : public Write {
 public:
  explicit AwaitedWrite(aerie::core::Completer<Result> give) : give_(std::move(give)) {}
  void failed(std::exception_ptr error) final { give_.fail(std::move(error)); }

 protected:
  template <class... Values>
  void give(Values&&... values) {
    give_(std::forward<Values>(values)...);
  }

 private:
  aerie::core::Completer<Result> give_;
};

class UserWrite final : public AwaitedWrite<User> {
 public:
  UserWrite(aerie::core::Completer<User> give, std::string nickname, aerie::core::Clock const& clock);
  void apply(WriteTables& tables) override;
  void committed() override;

 private:
  std::string nickname_;
  aerie::core::Clock const& clock_;
  User user_;
};

/// Answers nothing if the name is taken.
class RoomWrite final : public AwaitedWrite<std::optional<Room>> {
 public:
  RoomWrite(aerie::core::Completer<std::optional<Room>> give, std::string name,
            aerie::core::Clock const& clock, StoreListener& listener);
  void apply(WriteTables& tables) override;
  void committed() override;

 private:
  std::string name_;
  aerie::core::Clock const& clock_;
  StoreListener& listener_;
  std::optional<Room> room_;
};

class MessageWrite final : public AwaitedWrite<Message> {
 public:
  MessageWrite(aerie::core::Completer<Message> give, NewMessage message, aerie::core::Clock const& clock,
               StoreListener& listener);
  void apply(WriteTables& tables) override;
  void committed() override;

 private:
  NewMessage message_;
  aerie::core::Clock const& clock_;
  StoreListener& listener_;
  Appended appended_;
};

class ChangeWrite final : public AwaitedWrite<ChangedMessage> {
 public:
  ChangeWrite(aerie::core::Completer<ChangedMessage> give, MessageChange change,
              aerie::core::Clock const& clock, StoreListener& listener);
  void apply(WriteTables& tables) override;
  void committed() override;

 private:
  MessageChange change_;
  aerie::core::Clock const& clock_;
  StoreListener& listener_;
  ChangedMessage changed_;
};

class ReadWrite final : public AwaitedWrite<ReadState> {
 public:
  ReadWrite(aerie::core::Completer<ReadState> give, UserId user, RoomId room, MessageId message,
            StoreListener& listener);
  void apply(WriteTables& tables) override;
  void committed() override;

 private:
  UserId user_;
  RoomId room_;
  MessageId message_;
  StoreListener& listener_;
  RoomMark mark_;
};

class ForgetWrite final : public AwaitedWrite<void> {
 public:
  ForgetWrite(aerie::core::Completer<void> give, UserId user, RoomId room, StoreListener& listener);
  void apply(WriteTables& tables) override;
  void committed() override;

 private:
  UserId user_;
  RoomId room_;
  StoreListener& listener_;
  bool was_there_ = false;
};

/// Writes nothing: it ends after all that stand before it.
class Marker final : public Write {
 public:
  explicit Marker(aerie::core::Completer<void> give) : give_(std::move(give)) {}
  void apply(WriteTables&) override {}
  void committed() override { give_(); }
  void failed(std::exception_ptr) override { give_(); }

 private:
  aerie::core::Completer<void> give_;
};

}  // namespace chat
