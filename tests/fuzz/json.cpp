/// \file
/// Fuzz target: a text from a client, read as JSON. The scanner and the reader have to agree, what is
/// accepted is written as JSON that reads as the same value, and validation bounds its report and never lets
/// through what does not decode. `script/fuzz json` runs it.

#include "fuzz/require.hpp"

#include <aerie/core/utf8.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/json.hpp>
#include <aerie/schema/json_scan.hpp>
#include <aerie/schema/validate.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

namespace {

using namespace aerie;
using aerie::fuzz::require;

struct Leaf {
  std::int64_t qty = 0;
  std::optional<Date> date;
  static void describe(Schema<Leaf>& s) {
    s.field<&Leaf::qty>("q").minimum(1);
    s.field<&Leaf::date>("d");
  }
};

struct Text {
  std::string text;
  std::optional<float> number;
  static void describe(Schema<Text>& s) {
    s.field<&Text::text>("t").length(1, 5);
    s.field<&Text::number>("n");
  }
};

/// Everything that a type can be made of.
struct Root {
  std::optional<std::vector<Leaf>> list;
  std::optional<std::map<std::string, std::tuple<Text, std::optional<Leaf>>>> map;
  std::optional<std::variant<bool, Text, Leaf, std::vector<Leaf>>> either;
  static void describe(Schema<Root>& s) {
    s.field<&Root::list>("l");
    s.field<&Root::map>("m");
    s.field<&Root::either>("e");
  }
};

/// What only packets carry: attachments beside the text, and text that is handed on as it is.
struct Parcel {
  std::optional<Date> date;
  std::optional<Bytes> bytes;
  std::optional<RawJson> raw;
  std::optional<std::uint64_t> count;
  static void describe(Schema<Parcel>& s) {
    s.field<&Parcel::date>("d");
    s.field<&Parcel::bytes>("b");
    s.field<&Parcel::raw>("r");
    s.field<&Parcel::count>("c");
  }
};

/// Reads it with two attachments, writes what was read, and reads that: twice the same.
template <class T>
void check_parcel(std::string_view text) {
  std::array const given{Bytes(std::string_view("one")), Bytes(std::string_view("two"))};
  auto const read = [](std::string_view from, std::span<Bytes const> attachments, T& value) {
    json::Reader reader(from, attachments);
    return type_ops<T>.decode(reader, &value) && reader.finish();
  };
  auto const write = [](T const& value, std::vector<Bytes>* attachments) {
    std::string out;
    json::Writer writer(out, attachments);
    Codec<T>::encode(writer, value);
    return out;
  };
  T value{};
  if (!read(text, given, value)) return;
  require(json::validate(write(value, nullptr)) == json::ScanError::none);
  std::vector<Bytes> sent;
  auto const written = write(value, &sent);
  T again{};
  require(read(written, sent, again));
  std::vector<Bytes> sent_again;
  require(write(again, &sent_again) == written && sent_again == sent);
}

template <class T>
void check_type(Value const& value, ValidationOptions const& options) {
  auto const result = validate<T>(value, options);
  if (!result) {
    auto const texts = flatten_messages(result.errors, options.max_messages_length, result.is_complete);
    require(!texts.empty());
    require(texts.size() <= options.max_messages_length + 1);
    return;
  }
  T decoded{};
  if (decode_validated(result.plain, decoded)) return;
  // What was let through holds to its rules when it comes back.
  require(validate<T>(to_value(decoded), {}).ok());
}

/// An array is found to have the elements that are read of it, and no more attachments than there are.
void check_array(std::string_view text) {
  json::ElementList elements;
  auto const found = json::scan_array(text, elements);
  require(!to_string(found).empty());
  auto const is_array = found == json::ScanError::none;
  Value value;
  require(is_array == (json::parse(text, value).ok() && value.is_array()));
  if (!is_array) return;
  require(elements.size() == value.as_array().size());
  for (std::size_t i = 0; i < elements.size(); ++i) {
    Value element;
    require(json::parse(elements[i], element).ok() && element == value.as_array()[i]);
  }
  // Placeholders are looked at: whatever comes of it.
  require(!to_string(json::scan_array(text, elements, 2)).empty());
}

/// A type is read from the text as it is from the value.
template <class T>
void check_decoding(std::string_view text) {
  T decoded{};
  if (!json::parse(text, decoded)) return;
  T again{};
  require(json::parse(json::stringify(to_value(decoded)), again).ok());
}

void check(std::string_view text) {
  if (!utf8::is_valid(text)) return;
  check_array(text);
  check_decoding<Root>(text);
  check_decoding<std::vector<std::variant<bool, Text, Leaf>>>(text);
  check_parcel<Value>(text);
  check_parcel<Parcel>(text);
  json::Reader reader(text);
  Value value;
  bool const is_read = reader.read_value(value) && reader.finish();
  require((json::validate(text) == json::ScanError::none) == is_read);
  if (!is_read) return;

  std::string const written = json::stringify(value);
  Value again;
  require(json::parse(written, again).ok());
  require(json::stringify(again) == written);

  ValidationOptions const whitelisting{.whitelist = true, .max_messages_length = 200};
  check_type<Root>(value, whitelisting);
  check_type<std::vector<Root>>(value, whitelisting);
  check_type<std::variant<Text, Leaf, std::map<std::string, Leaf>>>(value, whitelisting);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  check({reinterpret_cast<char const*>(data), size});
  return 0;
}
