#pragma once

/// \file
/// What a Client has only now and then.

#include "socketio/client.hpp"
#include "socketio/connect_flow.hpp"
#include "socketio/shard_node.hpp"

#include <aerie/core/holder.hpp>
#include <aerie/core/runtime.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

struct Client::Joining {
  explicit Joining(Client& owner) : client(owner) {}
  void expired() { client.connect_timed_out(); }

  Client& client;
  std::vector<std::unique_ptr<ConnectFlow>> flows;
  bool late = false;  // the client has had its time, and is only waited for because an attempt is under way
  core::Timer timer = core::Timer::calling<&Joining::expired>(this);
};

/// A packet whose other frames are still arriving.
struct Client::Assembly final : core::Holder {
  explicit Assembly(Client& owner) : Holder(owner.node().shard().holders()), client(owner) {}
  void keep(std::unique_ptr<PartialPacket> begun) {
    packet = std::move(begun);
    hold(sizeof *this + (packet ? packet->memory() : 0));
  }
  void expired() { client.assembly_timed_out(); }
  void shed() noexcept override {
    packet.reset();
    client.give_up_soon();
  }

  Client& client;
  std::unique_ptr<PartialPacket> packet;
  core::Timer timer = core::Timer::calling<&Assembly::expired>(this);
};

/// What has arrived and cannot be handled yet.
struct Client::Incoming final : core::Runnable {
  explicit Incoming(Client& owner) : client(owner), charge(owner.node().shard().account(), sizeof *this) {}
  void run() override {
    if (given_up) return client.give_up();
    client.work_off();
  }
  void account_for_waiting() noexcept { charge.resize(sizeof *this + waiting.capacity()); }

  Client& client;
  std::unique_ptr<Assembly> assembly;
  /// Frames in a row, each behind its kind and its size: a payload may have a hundred thousand small ones.
  std::string waiting;
  std::size_t next = 0;
  core::Charge charge;
  bool given_up = false;  // there is no memory to wait for the rest
};

/// What an idle client has none of.
struct Client::Rare {
  std::unique_ptr<Joining> joining;    // until the first namespace is joined, and while one is being joined
  std::unique_ptr<Incoming> incoming;  // while attachments are awaited, or packets have to wait
};

/// REQUIRES: there is any.
template <class T>
void Client::retire_rare(std::unique_ptr<T> Rare::*part) {
  node_.shard().retire(std::move((*rare_).*part));
  if (!rare_->joining && !rare_->incoming) rare_.reset();
}

}}}  // namespace aerie::v1::socketio
