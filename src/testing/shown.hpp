#pragma once

#include <aerie/testing/client.hpp>

#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace testing {

/// For failures: "nothing", or everything in its order, cut where it becomes too long to read.
std::string shown(std::vector<std::string> const& messages);
/// The same for events: `joined({"room":1}), left()`.
std::string shown(std::vector<ReceivedEvent> const& events);

}}}  // namespace aerie::v1::testing
