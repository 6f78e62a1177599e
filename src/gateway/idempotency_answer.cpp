#include "gateway/idempotency_answer.hpp"

#include <aerie/core/log.hpp>
#include <aerie/schema/msgpack.hpp>

#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

// What it is, then its value. The version comes first, for stores that outlive a program.
constexpr char version = '1';
constexpr char none = 'n';
constexpr char undefined = 'u';
constexpr char value = 'v';
constexpr char event = 'e';
constexpr char dynamic = 'd';

std::string packed(char kind, EncodableRef content) {
  std::string text{version, kind};
  text += msgpack::pack(content);
  return text;
}

[[noreturn]] void refuse(std::string_view what) {
  throw std::runtime_error(core::concat("aerie: an idempotency store has given an answer ", what));
}

}  // namespace

std::string pack_answer(Reply const& reply) {
  if (reply.is_none()) return {version, none};
  auto const& item = reply.item();
  if (item.is_event()) return packed(event, Value::array({item.event(), item.value()}));
  if (item.is_dynamic()) return packed(dynamic, item.value());
  if (item.value().is_undefined()) return {version, undefined};
  return packed(value, item.value());
}

Reply unpack_answer(std::string_view bytes) {
  if (bytes.size() < 2 || bytes[0] != version) refuse("of another version");
  auto const kind = bytes[1];
  if (kind == none) return Reply::none();
  if (kind == undefined) return Reply();
  Value content;
  if (!msgpack::unpack(bytes.substr(2), content).ok()) refuse("that is damaged");
  if (kind == value) return Reply(std::move(content));
  if (kind == dynamic) return Reply(DynamicReply(std::move(content)));
  auto const name = content[0].get_if<std::string_view>();
  if (kind != event || !name) refuse("that is damaged");
  return Reply(Event<Value>{std::string(*name), content[1]});
}

}}}  // namespace aerie::v1::gateway
