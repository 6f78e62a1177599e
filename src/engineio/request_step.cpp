#include "engineio/request_flow.hpp"

#include <aerie/engineio/request_step.hpp>

namespace aerie { inline namespace v1 { namespace engineio {

http::RequestHead const& RequestStep::request() const noexcept {
  return flow_->request();
}

void RequestStep::set_header(std::string_view name, std::string_view value) const {
  flow_->set_header(name, value);
}

void RequestStep::next() const {
  flow_->decide(flow_->step(), [](RequestFlow& flow) { flow.advance(); });
}

void RequestStep::respond(http::Response response) const {
  flow_->decide(flow_->step(),
                [response = std::move(response)](RequestFlow& flow) { flow.respond(response); });
}

void RequestStep::fail() const {
  flow_->decide(flow_->step(),
                [](RequestFlow& flow) { flow.refuse(ErrorCode::bad_request, "MIDDLEWARE_FAILURE"); });
}

}}}  // namespace aerie::v1::engineio
