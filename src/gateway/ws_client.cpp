#include <aerie/core/log.hpp>
#include <aerie/gateway/ws_client.hpp>
#include <aerie/schema/json.hpp>

#include <stdexcept>

namespace aerie { inline namespace v1 {

WsClient::WsClient(core::Shard& shard, core::Id id, http::RequestHead request, std::string address)
    : shard_(shard), id_(id), request_(std::move(request)), address_(std::move(address)) {}

WsClient::~WsClient() = default;

void WsClient::emit(std::string_view event, EncodableRef data) {
  if (data.is_undefined()) return emit(event);
  std::string text;
  json::Writer writer(text);
  writer.begin_object(2);
  writer.key("event");
  writer.string(event);
  writer.key("data");
  data.encode(writer);
  writer.end_object();
  send_text(text);
}

void WsClient::emit(std::string_view event) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object(1);
  writer.key("event");
  writer.string(event);
  writer.end_object();
  send_text(text);
}

void WsClient::close(websocket::CloseCode code, std::string_view reason) {
  if (code != websocket::CloseCode::no_status && !websocket::may_be_sent(code)) {
    throw std::invalid_argument(core::concat("aerie: no close frame may carry the code ",
                                             std::to_string(static_cast<int>(code)),
                                             "; use 1000 to 1003, 1007 to 1014 or 3000 to 4999"));
  }
  begin_close(code, reason);
}

namespace gateway::detail {

WsClient& ws_client_of(ExecutionContext const& context) {
  if (auto* const client = context.find_client(type_id<WsClient>())) return *static_cast<WsClient*>(client);
  throw std::logic_error(core::concat("aerie: ", context.class_name(), ".", context.handler_name(),
                                      " asks for an aerie::WsClient, but this is no message of a plain "
                                      "WebSocket; see ExecutionContext::find_client"));
}

}  // namespace gateway::detail
}}  // namespace aerie::v1
