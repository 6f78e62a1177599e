#pragma once

#include <aerie/schema/codec.hpp>
#include <aerie/schema/json.hpp>
#include <aerie/schema/json_scan.hpp>

#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace socketio {

/// Throws std::invalid_argument, naming the right call, for what is no event of a client.
void require_listenable(std::string_view event);

/// Throws std::invalid_argument for a name that may not be sent: it means something else to the other end.
void require_not_reserved(std::string_view event);

/// Throws std::invalid_argument for a name that servers may not use among themselves.
void require_server_side(std::string_view event);

/// The name of an event: the first element of its packet, a string or, as JavaScript allows, a number.
class EventName {
 public:
  /// A view into the element unless it has to be decoded.
  explicit EventName(json::ElementList const& elements) {
    if (elements.empty()) return;
    auto const element = elements[0];
    auto const first = element.front();
    if (first == '"') {
      valid_ = true;
      if (element.find('\\') == std::string_view::npos) {
        text_ = element.substr(1, element.size() - 2);
        return;
      }
      std::string_view decoded;
      json::Reader reader(element);
      valid_ = reader.read_string(decoded);
      keep(std::string(decoded));
    } else if (first == '-' || (first >= '0' && first <= '9')) {
      Value number;
      json::Reader reader(element);
      valid_ = reader.read_value(number);
      std::string written;
      json::Writer writer(written);
      encode(writer, number);
      keep(std::move(written));
    }
  }

  bool valid() const noexcept { return valid_; }
  std::string_view text() const noexcept { return text_; }

 private:
  void keep(std::string text) {
    decoded_ = std::move(text);
    text_ = decoded_;
  }

  bool valid_ = false;
  std::string_view text_;
  std::string decoded_;
};

}}}  // namespace aerie::v1::socketio
