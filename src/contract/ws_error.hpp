#pragma once

/// \file
/// What the framework makes of an error of a message: the data of the event `exception`, or the
/// acknowledgement (Gateway::answer_errors). A WsException of a value of its own is sent as that value
/// instead.

#include <aerie/schema/codec.hpp>

#include <optional>
#include <string>

namespace aerie { inline namespace v1 { namespace contract {

struct WsErrorCause {
  std::string pattern;
  Value data;

  static void describe(Schema<WsErrorCause>& s) {
    s.description("What was refused.");
    s.field<&WsErrorCause::pattern>().description("The event.");
    s.field<&WsErrorCause::data>().description("Its payload.");
  }
};

struct WsError {
  std::optional<std::string> status;
  std::optional<std::string> code;
  Value message;
  std::optional<WsErrorCause> cause;

  static void describe(Schema<WsError>& s) {
    s.description("An error of a message. A handler that throws another value sends that.");
    s.field<&WsError::status>().equals("error");
    s.field<&WsError::code>();
    s.field<&WsError::message>().description("A sentence, or several.");
    s.field<&WsError::cause>();
  }
};

}}}  // namespace aerie::v1::contract
