#pragma once

#include "engineio/polling_transport.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace engineio {

/// Long-polling of browsers that cannot ask other origins in any other way (JSONP): polls are answered with a
/// script that hands the payload to one of the page's functions, and a POST is a form whose field `d` is the
/// payload. Such a client takes no bytes.
class JsonpTransport final : public PollingTransport {
 public:
  /// `function`: which of the functions, the parameter `j`, of which digits only are used.
  JsonpTransport(ShardEngine& engine, Session& session, std::string_view function);

 private:
  void wrap(std::string& payload) const override;
  void receive(std::string_view body, bool binary) override;

  std::string head_;
};

/// The payload in a form's body; nothing if it has no or several fields `d`.
std::optional<std::string> payload_of_form(std::string_view form);

}}}  // namespace aerie::v1::engineio
