#pragma once

/// \file
/// A message, or a request, with everything that stands between it and its handler: what is left of a
/// description when the application has started.

#include <aerie/core/api.hpp>
#include <aerie/core/task.hpp>
#include <aerie/gateway/execution_context.hpp>
#include <aerie/gateway/handler.hpp>
#include <aerie/gateway/layers.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

class Pattern;

namespace gateway {

class ModuleNode;

/// How often something is under way, on all shards together. Any thread. A copy counts anew.
class CallCount {
 public:
  CallCount() = default;
  CallCount(CallCount const&) noexcept {}
  CallCount& operator=(CallCount const&) noexcept { return *this; }

  std::size_t count() const noexcept { return count_.load(std::memory_order_acquire); }

  /// Counts as long as it lives.
  class Counted {
   public:
    explicit Counted(CallCount const& what) noexcept : count_(what.count_) {
      count_.fetch_add(1, std::memory_order_relaxed);
    }
    ~Counted() { count_.fetch_sub(1, std::memory_order_release); }
    Counted(Counted const&) = delete;
    Counted& operator=(Counted const&) = delete;

   private:
    std::atomic<std::size_t>& count_;
  };

 private:
  std::atomic<std::size_t> mutable count_{0};
};

/// Immutable once the application has started, but for the count; used by all shards.
struct Route {
  std::string_view class_name;
  std::string pattern;
  /// Null for the guarding of connections.
  HandlerDescription const* handler = nullptr;
  /// Null where each client has one of its own: see `of_connection`.
  void* object = nullptr;
  /// What the handler's class sees of the application.
  ModuleNode* module = nullptr;
  /// The class of which each client has one; null where there is one for all.
  TypeId of_connection = nullptr;
  /// A hook of clients that leave: without an object of theirs there is nothing to call.
  bool needs_object = false;

  std::vector<std::shared_ptr<Guard>> guards;
  std::vector<std::shared_ptr<Interceptor>> interceptors;
  /// For each piped parameter of the handler, all its pipes in order.
  std::vector<std::vector<std::shared_ptr<Pipe>>> pipes;
  /// In the order in which they are asked.
  std::vector<std::shared_ptr<Filter>> filters;
  /// The handler's, then its class'.
  std::vector<Metadata> metadata;
  /// An acknowledgement gets errors, too.
  bool answers_errors = false;
  /// Who waits is acknowledged in any case, unless there was an error.
  bool always_acknowledges = false;
  /// It handles several events: the message says which.
  bool is_of_any_event = false;
  /// Of the gateway's namespaces, whose groups are parameters; null if it has one namespace.
  std::shared_ptr<Pattern const> nsp_pattern;
  /// Ends with its client.
  bool cancels_on_leave = false;
  /// Messages, requests and hooks that are being handled and wait for something.
  CallCount under_way;
  /// The application's.
  NestjsVersion nestjs = NestjsVersion::v12;
  /// No parameter has a pipe.
  bool is_unpiped = true;
  /// Some part of it may have to be waited for, so that a message has to be kept.
  bool may_wait = true;

  /// The handler can simply be called: nothing has to be awaited.
  bool is_plain() const noexcept {
    return guards.empty() && interceptors.empty() && is_unpiped && handler->answers_at_once;
  }
};

/// The client's own object of `Route::of_connection`, built if it is not there yet. Throws what its
/// constructor throws.
AERIE_API void* object_of_client(ExecutionContext& context);
/// Handles a message of a plain route (`Route::is_plain`). False if it has thrown: then `error` is set, and a
/// filter may have to be asked, see `handle_error`.
AERIE_API bool run_plain(ExecutionContext& context, std::exception_ptr& error) noexcept;
/// Handles a message of any route, errors included. Returns what is left of it if anything has to be waited
/// for; `context` must outlive that task.
[[nodiscard]] AERIE_API std::optional<Task<void>> run(ExecutionContext& context);
/// Runs a hook of a connection. False if it has failed, which was handled as any error is.
AERIE_API Task<bool> run_hook(ExecutionContext& context);
/// Gives an error to the filters, or to the client.
AERIE_API Task<void> handle_error(ExecutionContext& context, std::exception_ptr error);
/// Asks guards one after another. Returns what is left of that if one has to be waited for. Throws, at once
/// or by that task, what they throw, and "Forbidden resource" where one says no: a WsException, or a
/// ForbiddenException for an HTTP request.
[[nodiscard]] AERIE_API std::optional<Task<void>> ask_guards(ExecutionContext& context);

}  // namespace gateway
}}  // namespace aerie::v1
