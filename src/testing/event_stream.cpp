#include "testing/http_text.hpp"
#include "testing/network.hpp"

#include <aerie/core/log.hpp>
#include <aerie/testing/failure.hpp>
#include <aerie/testing/http_client.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace aerie { inline namespace v1 { namespace testing {

namespace {

/// What is before `end`, taken off `text` with it. REQUIRES: it is there.
std::string take_before(std::string& text, std::string_view end) {
  auto const size = text.find(end);
  auto part = text.substr(0, size);
  text.erase(0, size + end.size());
  return part;
}

/// The value of `name: value`; nothing if the line is of another field.
std::optional<std::string_view> value_of(std::string_view line, std::string_view name) {
  if (!line.starts_with(name) || line.size() == name.size() || line[name.size()] != ':') return std::nullopt;
  line.remove_prefix(name.size() + 1);
  if (line.starts_with(' ')) line.remove_prefix(1);
  return line;
}

core::Milliseconds milliseconds_in(std::string_view text) {
  core::Milliseconds::rep count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return core::Milliseconds{count};
}

http::ServerSentEvent read_event(std::string_view lines) {
  http::ServerSentEvent event;
  auto has_data = false;
  while (!lines.empty()) {
    auto const line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    if (auto const data = value_of(line, "data")) {
      if (std::exchange(has_data, true)) event.data.push_back('\n');
      event.data.append(*data);
    } else if (auto const type = value_of(line, "event")) {
      event.event = *type;
    } else if (auto const id = value_of(line, "id")) {
      event.id = *id;
    } else if (auto const retry = value_of(line, "retry")) {
      event.retry = milliseconds_in(*retry);
    } else if (!line.starts_with(':')) {
      throw Failure(core::concat("aerie: this is no line of an event: ", line));
    }
  }
  return event;
}

}  // namespace

EventStream::EventStream(std::shared_ptr<Network> network, core::MemoryClient connection)
    : network_(std::move(network)),
      connection_(std::move(connection)),
      reader_(std::make_unique<ResponseReader>()) {
  read();
  response_ = reader_->response();
  if (response_.status == 0) throw Failure("aerie: the listener to events has not been answered");
  // Of an answer that is no stream all is there.
  if (response_.header("content-type").starts_with("text/event-stream")) {
    response_.body.clear();
  } else {
    response_.body = std::exchange(text_, {});
    ended_ = true;
  }
}

EventStream::EventStream(EventStream&&) noexcept = default;
EventStream& EventStream::operator=(EventStream&&) noexcept = default;
EventStream::~EventStream() = default;

void EventStream::read() {
  network_->run();
  auto const received = connection_.take();
  std::string_view bytes = received;
  ended_ = reader_->read(bytes);
  text_ += std::exchange(reader_->response().body, {});
}

std::vector<http::ServerSentEvent> EventStream::take() {
  if (!ended_) read();
  std::vector<http::ServerSentEvent> events;
  while (text_.find("\n\n") != std::string::npos) {
    auto event = read_event(take_before(text_, "\n\n"));
    if (!event.data.empty() || !event.event.empty()) events.push_back(std::move(event));
  }
  return events;
}

bool EventStream::ended() {
  if (!ended_) read();
  return ended_ || connection_.ended();
}

void EventStream::close() {
  connection_.close();
  network_->run();
}

}}}  // namespace aerie::v1::testing
