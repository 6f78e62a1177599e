#pragma once

/// \file
/// What answers a route. Handlers are called on the shard of their connection; with several shards, on
/// several threads.

#include <aerie/core/task.hpp>
#include <aerie/http/request.hpp>
#include <aerie/http/response.hpp>

#include <cstddef>
#include <functional>
#include <variant>

namespace aerie { inline namespace v1 { namespace http {

/// Answers at once. It must not block: its shard's other connections wait meanwhile.
using Handler = std::function<Response(Request const&)>;

/// Answers later. The request lives until the task has ended. A task that has begun runs to its end, also
/// when the client leaves first, and its answer goes nowhere then; see
/// `RouteOptions::cancel_on_leave`.
using AsyncHandler = std::function<Task<Response>(Request const&)>;

/// A function or lambda of either kind.
using RouteHandler = std::variant<Handler, AsyncHandler>;

/// An application's own answer where the server would give a plain one: `status` is 404 (nobody answers, or
/// not to this method), 413 (the body is larger than its route allows) or 500 (a handler has failed).
using ErrorAnswer = std::function<Response(int status, RequestHead const& head)>;

/// What a route allows, and how it ends.
struct RouteOptions {
  /// Bytes; more is answered 413.
  std::size_t body_limit = std::size_t{1} << 20U;
  /// The task gets `Cancelled` thrown at its await points when the client leaves before its answer: for what
  /// is done for that client only, such as a long wait.
  bool cancel_on_leave = false;
  /// It is answered also while the process has too little memory for newcomers
  /// (`RuntimeOptions::memory_limit`): for what is asked then above all, such as whether the process is
  /// alive. It should need next to nothing.
  bool exempt_from_memory_limit = false;
};

}}}  // namespace aerie::v1::http
