#include <aerie/gateway/reply.hpp>

namespace aerie { inline namespace v1 {

namespace {

Generator<ReplyItem> mapped(Generator<ReplyItem> items, Reply::Map change) {
  while (auto item = co_await items.next()) {
    auto changed = change(std::move(*item));
    co_yield std::move(changed);
  }
}

}  // namespace

Value ReplyItem::to_value() const {
  if (!is_event()) return value_;
  return Value::object({{"event", event_}, {"data", value_}});
}

Reply::Reply(Generator<ReplyItem> stream) : stream_(std::move(stream)) {}

Reply Reply::none() {
  Reply reply;
  reply.item_.reset();
  return reply;
}

Reply Reply::map(Map change) && {
  if (item_) return Reply(change(std::move(*item_)));
  if (!stream_) return none();
  return Reply(mapped(std::move(*stream_), std::move(change)));
}

}}  // namespace aerie::v1
