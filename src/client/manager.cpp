#include "client/dialer.hpp"
#include "client/manager_core.hpp"
#include "client/own_thread.hpp"
#include "client/socket_core.hpp"

#include <aerie/client/manager.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/schedule.hpp>
#include <aerie/core/task.hpp>
#include <aerie/socketio/json_parser.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace client {

namespace {

constexpr core::Milliseconds moment_to_leave{200};

std::shared_ptr<ManagerHandle> start_manager(core::Shard& shard, Url const& url, Options options,
                                             std::unique_ptr<Dialer> dialer, std::shared_ptr<OwnThread> own) {
  check(options);
  auto const parser = options.parser ? options.parser : json_parser();
  auto const retries = options.retries;
  auto core = std::make_unique<ManagerCore>(shard, url, std::move(options), std::move(dialer));
  auto handle = std::make_shared<ManagerHandle>(core->anchor(), std::make_shared<Gate>(), parser, retries);
  handle->core = core.get();
  handle->nsp = url.nsp;
  handle->own_thread = std::move(own);
  core->set_handle(handle);
  if (handle->own_thread) {
    core->on_ended([runtime = &handle->own_thread->runtime()] { runtime->stop(); });
    handle->own_thread->start();
  }
  shard.post([core = std::move(core)]() mutable {
    auto& owner = core->shard();
    if (!core->ended()) owner.adopt(std::move(core));
  });
  return handle;
}

std::shared_ptr<ManagerHandle> start_with_thread(std::string_view text, Options options) {
  auto const url = Url::parse(text);
  auto own = std::make_shared<OwnThread>();
  auto& shard = own->shard();
  return start_manager(shard, url, std::move(options), nullptr, std::move(own));
}

/// Does `work(ManagerCore&)` in its turn, if it is still there then.
template <class F>
void run(ManagerHandle& handle, F work) {
  handle.manager.run([core = handle.core, work = std::move(work)]() mutable {
    if (!core->ended()) work(*core);
  });
}

void close_now(ManagerHandle& handle) noexcept {
  handle.gate->close();
  try {
    run(handle, [](ManagerCore& core) { core.close(); });
  } catch (...) {
    // There is no memory for a word to the loop: it ends with its runtime, and nobody is called.
  }
}

}  // namespace

Manager::Manager(std::string_view url, Options options)
    : handle_(start_with_thread(url, std::move(options))) {}

Manager::Manager(Runtime& runtime, std::string_view url, Options options)
    : handle_(
          start_manager(core::shard_for(runtime), Url::parse(url), std::move(options), nullptr, nullptr)) {}

Manager::Manager(Runtime& runtime, Url const& url, Options options, std::unique_ptr<Dialer> dialer)
    : handle_(start_manager(core::shard_for(runtime), url, std::move(options), std::move(dialer), nullptr)) {}

Manager::Manager(Manager&& other) noexcept = default;

Manager& Manager::operator=(Manager&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

Manager::~Manager() {
  if (!handle_) return;
  auto const was_busy = handle_->gate->close();
  auto const is_own_turn = handle_->manager.here() != nullptr;
  close_now(*handle_);
  // A listener that runs may be waiting for this very thread.
  if (handle_->own_thread && !was_busy && !is_own_turn) handle_->own_thread->wait(moment_to_leave);
}

Socket Manager::socket() const {
  return socket(handle_->nsp);
}

Socket Manager::socket(std::string_view nsp) const {
  auto name = std::string(nsp);
  if (!name.starts_with('/')) name.insert(name.begin(), '/');
  return Socket(handle_->socket(name, [&] {
    auto made = std::make_shared<SocketCore>(handle_, name);
    run(*handle_, [socket = made](ManagerCore& core) mutable { core.add(std::move(socket)); });
    return made;
  }));
}

void Manager::open() const {
  run(*handle_, [](ManagerCore& core) { core.open(); });
}

void Manager::set_reconnection(bool on) const {
  run(*handle_, [on](ManagerCore& core) { core.set_reconnection(on); });
}

void Manager::close() const noexcept {
  if (handle_) close_now(*handle_);
}

ListenerId Manager::listen(std::string_view event, std::shared_ptr<Listener> listener) const {
  auto const id = handle_->next_listener();
  run(*handle_, [event = std::string(event), id, listener = std::move(listener)](ManagerCore& core) mutable {
    core.listeners().add(event, id, std::move(listener), false);
  });
  return id;
}

void Manager::off(ListenerId id) const {
  run(*handle_, [id](ManagerCore& core) { core.listeners().remove(id); });
}

void Manager::spawn(Task<void> task) const {
  run(*handle_, [task = std::move(task)](ManagerCore& core) mutable {
    core::start(std::move(task), core.tasks(), [&log = core.log()](core::Outcome<void>&& outcome) noexcept {
      if (!outcome.has_value()) listener_failed(log, "a task", outcome.error());
    });
  });
}

}}}  // namespace aerie::v1::client
