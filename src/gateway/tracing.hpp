#pragma once

/// \file
/// The spans of gateways and controllers: see docs/tracing.md for their names and what they say. Each is none
/// where the runtime has no tracer.

#include <aerie/core/trace.hpp>
#include <aerie/gateway/route.hpp>
#include <aerie/http/request.hpp>
#include <aerie/http/response.hpp>

#include <exception>
#include <string_view>

namespace aerie { inline namespace v1 { namespace gateway {

/// A handler with all its layers, below the event's. The event's span ends no sooner.
Span span_of_route(core::Shard& shard, Route const& route);
/// An HTTP request that a controller answers.
Span span_of_request(core::Shard& shard, Route const& route, http::Request const& request);
void describe_response(Span const& span, http::Response const& response);
/// A plain WebSocket has opened, or has sent an event; `request` is the one that has opened it.
Span span_of_opening(core::Shard& shard, http::RequestHead const& request);
Span span_of_message(core::Shard& shard, std::string_view event, http::RequestHead const& request,
                     std::string_view client);
/// What a handler, or a layer around it, has thrown. Of an HttpException below 500 the span is told, but has
/// not failed by it.
void note_thrown(std::exception_ptr const& error) noexcept;

}}}  // namespace aerie::v1::gateway
