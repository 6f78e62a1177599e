#pragma once

/// \file
/// The tester's side of a case: it writes frames and reads, strictly and with code of its own, what comes.

#include "websocket/case.hpp"

#include <aerie/websocket/deflate.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::websocket::cases {

/// What came of a case, in a form that prints well.
struct Outcome {
  std::vector<std::string> received{};  ///< As in Script::expected.
  std::optional<unsigned> code{};       ///< Of the endpoint's close frame.
  std::optional<std::size_t> read{};    ///< The number of the read that was answered by the close frame.
  bool is_over = false;                 ///< The endpoint has ended the connection.
  std::string fault{};                  ///< The first frame that breaks a rule, and which.
};

/// Plays a case against an endpoint of that role.
Outcome play(Script const& script, Role endpoint);

/// What must have come of it.
Outcome expected_of(Script const& script, Outcome const& outcome);

bool operator==(Outcome const& a, Outcome const& b);
std::ostream& operator<<(std::ostream& out, Outcome const& outcome);

}  // namespace aerie::websocket::cases
