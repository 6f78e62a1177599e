#include <aerie/core/immortal.hpp>
#include <aerie/redis/reply.hpp>

namespace aerie { inline namespace v1 { namespace redis {

Reply Reply::integer(std::int64_t number) {
  Reply result(Kind::integer, {});
  result.integer_ = number;
  return result;
}

Reply Reply::array(std::vector<Reply> elements) {
  Reply result(Kind::array, {});
  result.elements_ = std::move(elements);
  return result;
}

Reply const& Reply::operator[](std::size_t index) const noexcept {
  static core::Immortal<Reply> const nothing;
  return index < elements_.size() ? elements_[index] : *nothing;
}

std::string_view Reply::error_code() const noexcept {
  if (!is_error()) return {};
  return text().substr(0, text().find(' '));
}

}}}  // namespace aerie::v1::redis
