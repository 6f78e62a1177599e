#pragma once

#include <aerie/core/api.hpp>
#include <aerie/socketio/args.hpp>

#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace socketio {

/// Throws std::invalid_argument, naming the right call, for what is no event of a client.
AERIE_API void require_listenable(std::string_view event);

/// Throws std::invalid_argument for a name that may not be sent: it means something else to the other end.
AERIE_API void require_not_reserved(std::string_view event);

/// Throws std::invalid_argument for a name that servers may not use among themselves.
AERIE_API void require_server_side(std::string_view event);

/// The name of an event: the first element of its packet, a string or, as JavaScript allows, a number.
class AERIE_API EventName {
 public:
  EventName(EventName const&) = delete;
  EventName& operator=(EventName const&) = delete;
  /// A view into the element unless it has to be decoded.
  explicit EventName(Args const& elements) : text_(elements.plain_text(0)) {
    if (!valid()) decode(elements);
  }

  bool valid() const noexcept { return text_.data() != nullptr; }
  std::string_view text() const noexcept { return text_; }

 private:
  void decode(Args const& elements);

  std::string_view text_;
  std::string decoded_;
};

}}}  // namespace aerie::v1::socketio
