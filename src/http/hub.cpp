#include "http/hub.hpp"

#include "http/connection.hpp"

namespace aerie { inline namespace v1 { namespace http {

Hub::Hub(HubOwner& owner, core::Shard& shard)
    : owner_(owner),
      shard_(shard),
      parser_(HeadLimits{owner.options().max_head_bytes, owner.options().max_header_lines}) {}

Hub::~Hub() {
  abort();
}

void Hub::abort() {
  // One that is removed is replaced by the last; an owner that is told may end others.
  while (!connections_.empty())
    connections_.back()->abort();
}

Connection& Hub::add(std::unique_ptr<core::Stream> stream) {
  auto connection = std::make_unique<Connection>(*this, std::move(stream));
  connection->place_ = connections_.size();
  connections_.push_back(std::move(connection));
  owner_.connections.fetch_add(1, std::memory_order_relaxed);
  return *connections_.back();
}

void Hub::serve(std::unique_ptr<core::Stream> stream) {
  add(std::move(stream));
}

void Hub::receive(Parcel parcel) {
  parcel.stream->enter(shard_);
  parcel.stream->resume_reading();
  auto& connection = add(std::move(parcel.stream));
  connection.resume(std::move(parcel));
}

void Hub::remove(Connection& connection) {
  auto const place = connection.place_;
  connection.removed();
  shard_.retire(std::move(connections_[place]));
  if (place + 1 != connections_.size()) {
    connections_[place] = std::move(connections_.back());
    connections_[place]->place_ = place;
  }
  connections_.pop_back();
  owner_.connections.fetch_sub(1, std::memory_order_relaxed);
}

void Hub::close() {
  // Backwards: a connection that leaves is replaced by the last one, which has been told already.
  for (auto i = connections_.size(); i-- > 0;) {
    if (i < connections_.size()) connections_[i]->close();
  }
}

HeadParser& Hub::fresh_parser() noexcept {
  parser_.reset();
  return parser_;
}

}}}  // namespace aerie::v1::http
