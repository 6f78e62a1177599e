#include <aerie/socketio/adapter.hpp>

#include <utility>

namespace aerie { inline namespace v1 {

Adapter::~Adapter() = default;

bool ClusterMember::deliver_logged(socketio::ClusterMessage message, socketio::LogPosition, bool is_own) {
  return is_own || deliver(std::move(message));
}

void ClusterMember::log_lost(std::string_view, socketio::LogPosition) {}

void ClusterMember::session_taken(std::string_view) {}

void ClusterMember::log_begins(std::string_view, socketio::LogPosition) {}

void ClusterMember::log_read(std::string_view, socketio::LogPosition) {}

socketio::EventPayload::Form Adapter::payload_form(bool) const noexcept {
  return socketio::EventPayload::Form::values;
}

}}  // namespace aerie::v1
