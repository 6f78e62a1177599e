#include "control.hpp"

#include "values.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/schema/codec.hpp>

#include <string>
#include <utility>

namespace conformance {

namespace {

using aerie::Array;
using aerie::Object;
using aerie::Task;
using aerie::Value;
using aerie::http::Request;
using aerie::http::Response;

Response json(Value const& value) {
  return Response::json(200, aerie::json::stringify(value));
}

Response plain(std::string text) {
  return {200, {{"Content-Type", "text/plain"}}, std::move(text)};
}

/// Features of FIXTURE.md that Aerie does without, or has in another form.
Value unsupported_features() {
  return Array{};
}

Task<Response> run_command(Commands& commands, Request const& request) {
  Value command;
  if (auto const result = aerie::json::parse(request.body, command); !result) {
    co_return Response::text(400, result.error().to_string());
  }
  auto const args = elements(command["args"]);
  Array copies(args.begin(), args.end());
  Value const answer = co_await commands.run(std::move(command), std::move(copies), nullptr);
  co_return json(answer);
}

}  // namespace

void serve_control(aerie::http::Server& http, Controlled const& controlled) {
  auto& log = controlled.log;
  http.get("/hello", [](Request const&) { return plain("hello"); });
  http.post("/hello",
            [](Request const& request) { return plain(std::to_string(request.body.size()) + " bytes"); });
  http.get("/__log", [&log](Request const&) { return Response::json(200, log.to_json()); });
  http.post("/__log", [&log](Request const&) {
    log.clear();
    return json(Object());
  });
  http.get("/__features", [](Request const&) {
    return json(Object{{"unsupported", unsupported_features()}});
  });
  http.get("/__engine", [count = controlled.clients_count](Request const&) {
    return json(Object{{"clientsCount", count()}});
  });
  http.post("/__close", [close = controlled.close](Request const& request) {
    // In the next turn, when the answer is on its way.
    aerie::core::Shard::current()->post(
        [close, relisten = request.query("relisten") == "1"] { close(relisten); });
    return json(Object());
  });
  if (auto* const commands = controlled.commands) {
    http.post("/__do", [commands](Request const& request) { return run_command(*commands, request); });
  }
}

}  // namespace conformance
