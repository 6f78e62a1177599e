#include "socketio/local_message.hpp"

#include "socketio/shard_node.hpp"
#include "socketio/shard_recovery.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/user_code.hpp>

namespace aerie { inline namespace v1 { namespace socketio {

void LocalMessage::encode_payload(ShardNode const& node) const {
  core::call_user(node.shard().runtime().log(), parser_code(nsp), [&] {
    if (retained) {
      auto elements = payload.values();
      auto const& recovery = node.recovery()->shared();
      elements.emplace_back(recovery.is_logged() ? retained->position.text()
                                                 : recovery.spelling().write(retained->offset));
      std::vector<EncodableRef> const refs(elements.begin(), elements.end());
      return retained->packets.encode(node.parsers(),
                                      {.nsp = nsp, .data = PacketData(ArgsRef(refs)), .is_broadcast = true},
                                      PacketSet::For::all);
    }
    packets_.encode(node.parsers(),
                    {.nsp = nsp, .id = ack, .data = PacketData(payload), .is_broadcast = true});
  });
}

}}}  // namespace aerie::v1::socketio
