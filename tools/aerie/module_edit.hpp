#pragma once

/// \file
/// Adds something to what a module says of itself, in its source.

#include <string>
#include <string_view>

namespace aerie::cli {

/// What to add: `m.gateways<ChatGateway>();` and the header that has it.
struct Registration {
  std::string call;     ///< "gateways"
  std::string type;     ///< "ChatGateway"
  std::string include;  ///< "chat/chat_gateway.hpp"
};

/// The module's source with the registration at the end of its `describe(aerie::Module& m)`, and the include
/// among the others; unchanged in so far as it is there already. `file` is the module's, for messages.
/// Throws CommandError if the source is not to be edited safely: the text says why, and what to write by
/// hand.
std::string add_to_module(std::string_view source, Registration const& registration, std::string_view file);

}  // namespace aerie::cli
