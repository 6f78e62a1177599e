#include "gateway/ws_context.hpp"

#include <aerie/gateway/exception_filter.hpp>
#include <aerie/http/authorization.hpp>
#include <aerie/http/query.hpp>
#include <aerie/schema/codec.hpp>

namespace aerie { inline namespace v1 { namespace gateway {

void* WsContext::find_client(TypeId type) const noexcept {
  return type == type_id<WsClient>() ? client_.get() : nullptr;
}

void WsContext::emit_args(std::string_view event, ArgsRef args) const {
  if (args.empty()) return client_->emit(event);
  if (args.size() == 1) return client_->emit(event, args.front());
  Array values;
  for (auto const& each : args)
    values.push_back(to_value(each));
  client_->emit(event, Value(std::move(values)));
}

std::optional<std::string> WsContext::credential(std::string_view name) const {
  auto const& head = client_->request();
  if (auto value = http::query_parameter(head.query(), name)) return value;
  auto const token = http::bearer_token(name == "token" ? head.header("authorization") : "");
  return token.empty() ? std::nullopt : std::optional<std::string>(token);
}

void WsContext::deliver(ReplyItem const& item) {
  if (item.is_event()) return deliver_event(item.event(), item.value());
  if (!item.value().is_null()) deliver_value(item.value());
}

void WsContext::deliver_value(EncodableRef value) {
  if (value.is_undefined()) return;
  auto const text = json::stringify(value);
  if (text != "null") client_->send_text(text);
}

void WsContext::deliver_event(std::string_view event, EncodableRef data) {
  client_->emit(event, data);
}

void WsContext::deliver_error(std::exception_ptr const& error) {
  BaseWsExceptionFilter().on_exception(error, *this);
}

}}}  // namespace aerie::v1::gateway
