#include <aerie/core/task_context.hpp>

#include <utility>

namespace aerie { inline namespace v1 {

char const* Cancelled::what() const noexcept {
  return "aerie: the task was cancelled, because its owner has gone";
}

namespace core {

bool Wait::begin(TaskContext& context, std::coroutine_handle<> waiting) noexcept {
  cancelled_ = context.cancelled_;
  if (cancelled_) return false;
  context_ = &context;
  waiting_ = waiting;
  if (context.shard().active_span() != nullptr) [[unlikely]]
    span_ = Span::current();
  context.waits_.push_back(*this);
  return true;
}

void Wait::wake() noexcept {
  context_->shard().run_soon(*this);
}

void Wait::resume() {
  unlink();
  // The coroutine destroys this, and may wait again in the name of a span that it has begun.
  auto& shard = context_->shard();
  if (span_) [[unlikely]] {
    SpanScope const scope(shard, std::move(span_));
    return waiting_.resume();
  }
  waiting_.resume();
  shard.set_active_span(nullptr);
}

void Wait::throw_cancelled() {
  throw Cancelled();
}

RunningTask::RunningTask(TaskContext& context) noexcept {
  context.running_.push_back(*this);
}

TaskContext::~TaskContext() {
  abandon();
}

void TaskContext::abandon() noexcept {
  // Nothing that the destructors start may wait any more.
  cancelled_ = true;
  while (!running_.empty()) {
    auto& task = running_.front();
    task.unlink();
    delete &task;
  }
}

void TaskContext::cancel() noexcept {
  cancelled_ = true;
  while (!waits_.empty()) {
    auto& wait = waits_.front();
    wait.unlink();
    wait.cancelled_ = true;
    wait.on_cancel();
  }
}

}  // namespace core
}}  // namespace aerie::v1
