#pragma once

/// \file
/// The images of messages over HTTP.

#include "http_api.hpp"
#include "rooms/messages.hpp"

#include <aerie/core/task.hpp>
#include <aerie/gateway/controller.hpp>
#include <aerie/gateway/parameters.hpp>
#include <aerie/http/response.hpp>

#include <string>

namespace chat {

class ImagesController {
 public:
  explicit ImagesController(Messages& messages) : messages_(messages) {}
  static void describe(aerie::Controller<ImagesController>& c);

 private:
  aerie::Task<aerie::http::Response> image(aerie::Param<"key"> key);

  Messages& messages_;
};

}  // namespace chat
