#include "engineio/request_flow.hpp"

#include <aerie/engineio/request_step.hpp>

#include <string>

namespace aerie { inline namespace v1 { namespace engineio {

void RequestStep::set_header(std::string_view name, std::string_view value) const {
  std::string line;
  ResponseHeaders(line).add(name, value);
  if (!answer_.open()) return;
  flow_is_there_.run([flow = flow_, line = std::move(line)] { flow->add_header_lines(line); });
}

}}}  // namespace aerie::v1::engineio
