#pragma once

namespace aerie { inline namespace v1 { namespace core {

/// A peer that has vanished without a word while it is owed data is given up after this time
/// (TCP_USER_TIMEOUT).
inline constexpr unsigned user_timeout_ms = 45'000;

}}}  // namespace aerie::v1::core
