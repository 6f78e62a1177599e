#include <aerie/engineio/counts.hpp>

namespace aerie { inline namespace v1 { namespace engineio {

std::string_view to_string(Refusal refusal) noexcept {
  static constexpr std::array<std::string_view, refusal_count> names{"unknown_transport",
                                                                     "unknown_session",
                                                                     "bad_handshake_method",
                                                                     "bad_request",
                                                                     "forbidden",
                                                                     "unsupported_protocol_version",
                                                                     "origin",
                                                                     "too_many",
                                                                     "address",
                                                                     "address_rate",
                                                                     "memory",
                                                                     "closing",
                                                                     "undecided"};
  return names[static_cast<std::size_t>(refusal)];
}

}}}  // namespace aerie::v1::engineio
