#include <aerie/socketio/adapter.hpp>

namespace aerie { inline namespace v1 {

Adapter::~Adapter() = default;

socketio::EventPayload::Form Adapter::payload_form(bool) const noexcept {
  return socketio::EventPayload::Form::values;
}

}}  // namespace aerie::v1
