#include "gateway/instance_tree.hpp"
#include "gateway/tracing.hpp"

#include <aerie/core/completion.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/route.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 {

namespace gateway {

namespace {

/// What comes straight out of the handler and has no interceptor to pass.
class DirectSink final : public ReplySink {
 public:
  explicit DirectSink(ExecutionContext& context) : context_(context) {}

  void value(EncodableRef value) override { context_.deliver_value(value); }
  void event(std::string_view name, EncodableRef data) override { context_.deliver_event(name, data); }
  void item(ReplyItem item) override { context_.deliver(item); }
  void stream(Generator<ReplyItem> stream) override { stream_.emplace(std::move(stream)); }
  void reply(Reply reply) override {
    if (reply.is_stream()) {
      stream(std::move(reply.stream()));
    } else if (!reply.is_none()) {
      item(reply.item());
    }
  }
  void response(http::Response response) override { context_.deliver_response(std::move(response)); }
  std::optional<Generator<ReplyItem>>& waiting() { return stream_; }

 private:
  ExecutionContext& context_;
  std::optional<Generator<ReplyItem>> stream_;
};

/// What interceptors are to see.
class ReplyCollector final : public ReplySink {
 public:
  explicit ReplyCollector(ExecutionContext& context) : context_(context) {}

  void value(EncodableRef value) override { reply_ = Reply(to_value(value)); }
  void event(std::string_view name, EncodableRef data) override {
    reply_ = Reply(Event<Value>{std::string(name), to_value(data)});
  }
  void item(ReplyItem item) override { reply_ = Reply(std::move(item)); }
  void stream(Generator<ReplyItem> stream) override { reply_ = Reply(std::move(stream)); }
  void reply(Reply reply) override { reply_ = std::move(reply); }
  // A whole response is the handler's own affair: there is no value in it that could be changed.
  void response(http::Response response) override {
    context_.deliver_response(std::move(response));
    reply_ = Reply::none();
  }
  Reply take() { return std::move(reply_); }

 private:
  ExecutionContext& context_;
  Reply reply_;
};

/// What the handler is a member of.
void* handler_object(ExecutionContext& context) {
  auto const& route = context.route();
  return route.of_connection == nullptr ? route.object : object_of_client(context);
}

/// Whether the client has the object that the handler is a member of.
bool has_object(ExecutionContext const& context) noexcept {
  auto const& route = context.route();
  if (route.of_connection == nullptr) return true;
  auto const* const tree = find_tree(context);
  return tree != nullptr && tree->has(*route.module, route.of_connection);
}

template <class T>
Task<T> now_or_later(MaybeTask<T> result) {
  if (auto* const value = std::get_if<T>(&result)) co_return std::move(*value);
  co_return co_await std::move(std::get<Task<T>>(result));
}

/// True if the last pipe has made sure of the value's type.
Task<bool> through_pipes(std::vector<std::shared_ptr<Pipe>> const& pipes, ArgumentInfo info, Value& value) {
  bool is_transformed = false;
  for (auto const& pipe : pipes) {
    auto result = pipe->transform(std::move(value), info);
    is_transformed = std::holds_alternative<Transformed>(result);
    if (auto* const task = std::get_if<Task<Value>>(&result)) {
      value = co_await std::move(*task);
    } else {
      value = is_transformed ? std::move(std::get<Transformed>(result).value)
                             : std::move(std::get<Value>(result));
    }
  }
  co_return is_transformed;
}

ArgumentInfo info_of(ExecutionContext const& context, PipedParameter const& parameter) {
  return {parameter.source, parameter.name,     parameter.type,
          context.type(),   parameter.argument, context.route().nestjs};
}

/// Whether there are no pipes, or all of them let the message pass as it stands: then it is read without a
/// tree in between.
bool passes_as_it_stands(ExecutionContext const& context) {
  auto const& route = context.route();
  if (route.is_unpiped) return true;
  auto const& piped = route.handler->piped;
  if (context.type() != ContextType::ws || piped.size() != 1 || !piped[0].is_read_at_once) return false;
  if (context.args().size() != 1) return false;
  auto const json = context.args().json(0);
  return json.data() != nullptr && std::ranges::all_of(route.pipes[0], [&](auto const& pipe) {
           return pipe->passes(json, info_of(context, piped[0]));
         });
}

/// Calls the handler with what is read right from the message. What is left of it if it has to wait.
std::optional<Task<void>> call_handler_at_once(ExecutionContext& context, ReplySink& sink) {
  auto const& route = context.route();
  Call call{context, {}, false, !route.is_unpiped};
  return route.handler->invoke(handler_object(context), call, sink);
}

Task<void> call_handler_behind_pipes(ExecutionContext& context, ReplySink& sink) {
  auto const& route = context.route();
  std::vector<Value> piped;
  bool is_payload_transformed = false;
  for (std::size_t i = 0; i < route.handler->piped.size(); ++i) {
    auto const& parameter = route.handler->piped[i];
    auto value = source_value(context, parameter);
    auto const info = info_of(context, parameter);
    auto const is_transformed = co_await through_pipes(route.pipes[i], info, value);
    auto const is_payload = parameter.source == ArgumentSource::body && parameter.name.empty();
    if (is_payload && !parameter.argument) {
      is_payload_transformed = is_transformed;
    }
    piped.push_back(std::move(value));
  }
  Call call{context, piped, is_payload_transformed};
  if (auto task = route.handler->invoke(handler_object(context), call, sink)) co_await std::move(*task);
}

/// `passes` says what `passes_as_it_stands` has said.
std::optional<Task<void>> call_handler(ExecutionContext& context, ReplySink& sink, bool passes) {
  if (passes) return call_handler_at_once(context, sink);
  return call_handler_behind_pipes(context, sink);
}

Task<void> drain_here(ExecutionContext& context, Generator<ReplyItem>& stream) {
  while (auto const item = co_await stream.next())
    context.deliver(*item);
}

void start_in(core::TaskContext& tasks, Task<void> task, core::Completer<void> ended) {
  core::start(std::move(task), tasks,
              [ended = std::move(ended)](core::Outcome<void>&& outcome) mutable noexcept {
                if (outcome.has_value()) return ended();
                ended.fail(outcome.error());
              });
}

/// A stream is for the client: it ends when that leaves, wherever it waits, while the handlers run on.
Task<void> drain(ExecutionContext& context, Generator<ReplyItem>& stream) {
  if (context.deliver_stream(stream)) co_return;
  auto* const tasks = context.tasks_of_client();
  if (tasks == nullptr) {
    co_await drain_here(context, stream);
    co_return;
  }
  core::Completion<> drained;
  start_in(*tasks, drain_here(context, stream), drained.completer());
  co_await drained;
}

Task<Reply> intercepted(ExecutionContext& context, std::size_t next) {
  auto const& interceptors = context.route().interceptors;
  if (next < interceptors.size()) {
    CallHandler rest(context, next + 1);
    co_return co_await interceptors[next]->intercept(context, rest);
  }
  ReplyCollector collector(context);
  auto const passes = passes_as_it_stands(context);
  if (auto rest = call_handler(context, collector, passes)) co_await std::move(*rest);
  co_return collector.take();
}

Task<void> deliver(ExecutionContext& context, Reply reply) {
  if (reply.is_stream()) {
    co_await drain(context, reply.stream());
  } else if (!reply.is_none()) {
    context.deliver(reply.item());
  }
}

Task<void> ask_filters(ExecutionContext& context, std::exception_ptr error) {
  for (auto const& filter : context.route().filters) {
    if (co_await filter->handle(error, context)) co_return;
  }
  context.deliver_error(error);
}

Task<void> run_intercepted(ExecutionContext& context) {
  auto reply = co_await intercepted(context, 0);
  co_await deliver(context, std::move(reply));
  if (context.route().always_acknowledges) context.acknowledge();
}

/// For handlers that may wait, or whose pipes do.
Task<void> run_handler(ExecutionContext& context, bool passes) {
  DirectSink sink(context);
  if (auto rest = call_handler(context, sink, passes)) co_await std::move(*rest);
  if (sink.waiting()) co_await drain(context, *sink.waiting());
  if (context.route().always_acknowledges) context.acknowledge();
}

/// REQUIRES: `passes_as_it_stands`, and the handler answers at once.
void run_handler_at_once(ExecutionContext& context) {
  DirectSink sink(context);
  static_cast<void>(call_handler_at_once(context, sink));
  if (context.route().always_acknowledges) context.acknowledge();
}

std::optional<Task<void>> run_unguarded(ExecutionContext& context) {
  auto const& route = context.route();
  if (!route.interceptors.empty()) return run_intercepted(context);
  auto const passes = passes_as_it_stands(context);
  if (!passes || !route.handler->answers_at_once) return run_handler(context, passes);
  run_handler_at_once(context);
  return std::nullopt;
}

[[noreturn]] void forbid(ExecutionContext const& context) {
  if (context.type() == ContextType::http) throw ForbiddenException("Forbidden resource");
  throw WsException("Forbidden resource");
}

std::optional<Task<void>> ask_guards_from(ExecutionContext& context, std::size_t next);

/// The others are asked when `answer`, that of guard `asked`, is there.
Task<void> await_guard(ExecutionContext& context, std::size_t asked, Task<bool> answer) {
  auto const is_allowed = co_await std::move(answer);
  if (!is_allowed) forbid(context);
  if (auto rest = ask_guards_from(context, asked + 1)) co_await std::move(*rest);
}

std::optional<Task<void>> ask_guards_from(ExecutionContext& context, std::size_t next) {
  auto const& guards = context.route().guards;
  for (auto i = next; i < guards.size(); ++i) {
    auto answer = guards[i]->can_activate(context);
    if (auto* const later = std::get_if<Task<bool>>(&answer))
      return await_guard(context, i, std::move(*later));
    if (!std::get<bool>(answer)) forbid(context);
  }
  return std::nullopt;
}

Task<void> run_behind(Task<void> guards, ExecutionContext& context) {
  co_await std::move(guards);
  if (auto rest = run_unguarded(context)) co_await std::move(*rest);
}

/// Errors are thrown, at once or by what is left.
std::optional<Task<void>> run_unhandled(ExecutionContext& context) {
  if (auto guards = ask_guards(context)) return run_behind(std::move(*guards), context);
  return run_unguarded(context);
}

Task<void> run_rest(ExecutionContext& context, Task<void> rest) {
  CallCount::Counted const counted(context.route().under_way);
  std::exception_ptr error;
  try {
    co_await std::move(rest);
  } catch (Cancelled const&) {
    throw;
  } catch (...) {
    error = std::current_exception();
  }
  if (error) {
    note_thrown(error);
    co_await ask_filters(context, std::move(error));
  }
}

}  // namespace

std::optional<Task<void>> ask_guards(ExecutionContext& context) {
  return ask_guards_from(context, 0);
}

bool run_plain(ExecutionContext& context, std::exception_ptr& error) noexcept {
  try {
    run_handler_at_once(context);
    return true;
  } catch (...) {
    error = std::current_exception();
    note_thrown(error);
    return false;
  }
}

std::optional<Task<void>> run(ExecutionContext& context) {
  CallCount::Counted const counted(context.route().under_way);
  std::exception_ptr error;
  try {
    auto rest = run_unhandled(context);
    if (!rest) return std::nullopt;
    return run_rest(context, std::move(*rest));
  } catch (...) {
    error = std::current_exception();
  }
  note_thrown(error);
  return handle_error(context, std::move(error));
}

Task<bool> run_hook(ExecutionContext& context) {
  if (context.route().needs_object && !has_object(context)) co_return true;
  CallCount::Counted const counted(context.route().under_way);
  std::exception_ptr error;
  try {
    std::exception_ptr thrown;
    if (context.route().is_plain()) {
      if (!run_plain(context, thrown)) std::rethrow_exception(thrown);
    } else if (auto rest = run_unhandled(context)) {
      co_await std::move(*rest);
    }
  } catch (Cancelled const&) {
    throw;
  } catch (...) {
    error = std::current_exception();
  }
  if (!error) co_return true;
  note_thrown(error);
  co_await ask_filters(context, std::move(error));
  co_return false;
}

Task<void> handle_error(ExecutionContext& context, std::exception_ptr error) {
  CallCount::Counted const counted(context.route().under_way);
  co_await ask_filters(context, std::move(error));
}

}  // namespace gateway

Task<Reply> CallHandler::operator()() {
  return gateway::intercepted(context_, next_);
}

}}  // namespace aerie::v1
