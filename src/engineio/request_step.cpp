#include "engineio/request_flow.hpp"

#include <aerie/engineio/request_step.hpp>

#include <string>
#include <utility>

namespace aerie { inline namespace v1 { namespace engineio {

void RequestStep::next() const {
  answer_(Next{});
}

void RequestStep::respond(http::Response response) const {
  answer_(std::move(response));
}

void RequestStep::fail() const {
  answer_(Fail{});
}

void RequestStep::set_header(std::string_view name, std::string_view value) const {
  std::string line;
  ResponseHeaders(line).add(name, value);
  if (!answer_.open()) return;
  flow_is_there_.run([flow = flow_, line = std::move(line)] { flow->add_header_lines(line); });
}

}}}  // namespace aerie::v1::engineio
