#include "engineio/id_directory.hpp"
#include "engineio/request_flow.hpp"
#include "engineio/shard_engine.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/engineio/server.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace engineio {

void ResponseHeaders::add(std::string_view name, std::string_view value) {
  static constexpr std::string_view forbidden("\r\n\0", 3);
  if (name.empty() || name.find_first_of(forbidden) != std::string_view::npos ||
      name.find_first_of(": \t") != std::string_view::npos ||
      value.find_first_of(forbidden) != std::string_view::npos) {
    throw std::invalid_argument(core::concat("aerie: \"", name,
                                             "\" cannot be sent as a header: its name or value has "
                                             "characters that headers cannot have"));
  }
  lines_ += core::concat(name, ": ", value, "\r\n");
}

Server::Server(Runtime& runtime, ServerOptions options) : runtime_(runtime), options_(std::move(options)) {
  check(options_);
  path_ = options_.path;
  while (!path_.empty() && path_.back() == '/')
    path_.pop_back();
  if (options_.add_trailing_slash || path_.empty()) path_.push_back('/');
  if (options_.cors) cors_ = std::make_unique<http::Cors>(*options_.cors);
  if (options_.generate_id) directory_ = std::make_unique<IdDirectory>();
  for (std::size_t i = 0; i < runtime.shard_count(); ++i) {
    shards_.push_back(std::make_unique<ShardEngine>(*this, runtime.shard(i)));
  }
}

Server::~Server() {
  if (http_ != nullptr) http_->unmount(*this);
}

void Server::use(std::function<void(RequestStep)> step) {
  steps_.push_back(std::move(step));
}

void Server::attach(http::Server& http) {
  if (&http.runtime() != &runtime_) {
    throw std::invalid_argument(core::concat("aerie: the ", name_,
                                             " server and the HTTP server it is attached to must "
                                             "share one Runtime; pass http.runtime() when you make it"));
  }
  http_ = &http;
  http.mount(path_, *this);
}

bool Server::claim(std::string_view id, core::Shard const& shard) {
  return directory_ == nullptr || directory_->claim(id, shard.index());
}

void Server::release(std::string_view id) {
  if (directory_) directory_->release(id);
}

core::Shard* Server::home_of(http::Exchange const& exchange) const {
  if (runtime_.shard_count() == 1) return nullptr;
  auto const sid = http::query_parameter(exchange.head().query(), "sid");
  if (!sid) return nullptr;
  auto index = directory_ ? directory_->find(*sid) : std::nullopt;
  if (!index) {
    if (auto const made_by = core::shard_of(*sid)) index = *made_by;
  }
  if (!index || *index >= runtime_.shard_count() || *index == exchange.shard().index()) return nullptr;
  return &runtime_.shard(*index);
}

void Server::begin(http::Exchange& exchange) {
  if (auto* const home = home_of(exchange)) {
    exchange.continue_on(*home);
    return;
  }
  std::string headers;
  if (cors_) {
    if (cors_->preflight(exchange)) return;
    cors_->apply(exchange.head(), headers);
  }
  auto& engine = *shards_[exchange.shard().index()];
  std::make_shared<RequestFlow>(engine, exchange, std::move(headers))->start();
}

void Server::close() {
  closed_.store(true, std::memory_order_relaxed);
  for (auto const& engine : shards_) {
    auto& shard = engine->shard();
    if (shard.in_turn()) {
      engine->close_all();
    } else {
      shard.post([&engine = *engine] { engine.close_all(); });
    }
  }
}

}}}  // namespace aerie::v1::engineio
