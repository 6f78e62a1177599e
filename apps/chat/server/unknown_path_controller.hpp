#pragma once

/// \file
/// What is not there is not found, in JSON. Without this the page itself, as the answer to unknown paths,
/// would be taken for an answer of the API.

#include "error_answers.hpp"
#include "errors.hpp"

#include <aerie/core/log.hpp>
#include <aerie/gateway/controller.hpp>
#include <aerie/http/request.hpp>

namespace chat {

class UnknownPathController {
 public:
  static void describe(aerie::Controller<UnknownPathController>& c) {
    c.at("/api/*rest").use<ErrorAnswers>().undocumented();
    c.get<&UnknownPathController::answer>();
    c.post<&UnknownPathController::answer>();
    c.put<&UnknownPathController::answer>();
    c.patch<&UnknownPathController::answer>();
    c.del<&UnknownPathController::answer>();
  }

 private:
  void answer(aerie::http::Request const& request) const {
    throw ChatError(ErrorCode::not_found,
                    aerie::core::concat("There is no ", request.method(), " ", request.path(), " here."));
  }
};

}  // namespace chat
