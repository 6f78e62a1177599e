#include "socketio/local_message.hpp"

namespace aerie { inline namespace v1 { namespace socketio {

void LocalMessage::encode_payload() const {
  encode_event(packet_, nsp, ack, payload);
}

}}}  // namespace aerie::v1::socketio
