#include "socketio/local_message.hpp"

#include "socketio/shard_node.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/user_code.hpp>

namespace aerie { inline namespace v1 { namespace socketio {

void LocalMessage::encode_payload(ShardNode const& node) const {
  core::call_user(node.shard().runtime().log(), parser_code(nsp), [&] {
    packets_.encode(node.parsers(),
                    {.nsp = nsp, .id = ack, .data = PacketData(payload), .is_broadcast = true});
  });
}

}}}  // namespace aerie::v1::socketio
