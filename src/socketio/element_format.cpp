#include <aerie/schema/json.hpp>
#include <aerie/schema/msgpack.hpp>
#include <aerie/socketio/element_format.hpp>

#include <limits>

namespace aerie { inline namespace v1 { namespace socketio {

namespace {

/// The depth was checked when the packet came.
constexpr auto any_depth = std::numeric_limits<std::size_t>::max();

class JsonElements final : public ElementFormat {
 public:
  DecodeResult read(std::string_view element, std::span<Bytes const> attachments, TypeOps const& ops,
                    void* value) const override {
    // Without attachments a placeholder is a plain object, as the official parser has it.
    if (attachments.empty()) return decode(json::Reader(element, any_depth), ops, value);
    return decode(json::Reader(element, attachments, any_depth), ops, value);
  }

  std::string_view plain_text(std::string_view element) const noexcept override {
    if (element.front() != '"' || element.find('\\') != std::string_view::npos) return {};
    return {element.data() + 1, element.size() - 2};
  }

 private:
  static DecodeResult decode(json::Reader&& reader, TypeOps const& ops, void* value) {
    (void)ops.decode(reader, value);
    return reader.take_result();
  }
};

class MsgpackElements final : public ElementFormat {
 public:
  DecodeResult read(std::string_view element, std::span<Bytes const>, TypeOps const& ops,
                    void* value) const override {
    msgpack::Reader reader(element, any_depth);
    (void)ops.decode(reader, value);
    return reader.take_result();
  }

  std::string_view plain_text(std::string_view element) const noexcept override {
    // The short ones, whose size is in their first byte.
    constexpr unsigned fixstr = 0xA0;
    constexpr unsigned size_mask = 0x1F;
    auto const first = static_cast<unsigned char>(element.front());
    return (first & ~size_mask) == fixstr ? element.substr(1) : std::string_view();
  }
};

constexpr JsonElements in_json;
constexpr MsgpackElements in_msgpack;

}  // namespace

ElementFormat const& json_elements() noexcept {
  return in_json;
}

ElementFormat const& msgpack_elements() noexcept {
  return in_msgpack;
}

}}}  // namespace aerie::v1::socketio
