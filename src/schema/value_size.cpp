#include <aerie/schema/value_size.hpp>

namespace aerie { inline namespace v1 {
namespace {

// The size of a number, a date, a pair of quotes or brackets: what matters is that nothing is free.
constexpr std::size_t least = 2;
constexpr std::size_t of_number = 8;

class Counter {
 public:
  explicit Counter(std::size_t limit) : limit_(limit) {}

  // False as soon as it is too much.
  bool add(Value const& value) {
    switch (value.kind()) {
      case ValueKind::undefined:
      case ValueKind::null:
      case ValueKind::boolean:
        return add(least);
      case ValueKind::integer:
      case ValueKind::number:
      case ValueKind::date:
        return add(of_number);
      case ValueKind::string:
        return add(value.as_string().size() + least);
      case ValueKind::bytes:
        return add(value.as_bytes().size() + least);
      case ValueKind::array:
        for (Value const& element : value.as_array())
          if (!add(element)) return false;
        return add(least);
      case ValueKind::object:
        for (auto const& [key, member] : value.as_object())
          if (!add(key.size() + least) || !add(member)) return false;
        return add(least);
    }
    return add(least);
  }

  std::size_t size() const { return size_; }

 private:
  bool add(std::size_t bytes) {
    size_ += bytes;
    return size_ <= limit_;
  }

  std::size_t limit_;
  std::size_t size_ = 0;
};

}  // namespace

std::size_t value_size(Value const& value, std::size_t limit) noexcept {
  Counter counter(limit);
  counter.add(value);
  return counter.size();
}

}}  // namespace aerie::v1
