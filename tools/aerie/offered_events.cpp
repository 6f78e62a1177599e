#include "offered_events.hpp"

#include <aerie/core/utf8.hpp>
#include <aerie/schema/codec.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace aerie::cli {

namespace {

constexpr std::size_t longest_document = std::size_t{16} << 20U;
constexpr core::Milliseconds patience = std::chrono::seconds{5};

/// The key in `#/channels/<key>`, or what is behind the last slash.
std::string_view last_part(std::string_view reference) {
  return reference.substr(std::min(reference.rfind('/') + 1, reference.size()));
}

std::string_view text_in(Value const& value) {
  return value.get_if<std::string_view>().value_or("");
}

}  // namespace

std::vector<std::string> offered_events(Value const& document, std::string_view nsp) {
  std::vector<std::string> names;
  auto const* const operations = document["operations"].get_if<Object>();
  if (operations == nullptr) return names;
  for (auto const& [_, operation] : *operations) {
    auto const& channel = document["channels"][last_part(text_in(operation["channel"]["$ref"]))];
    // From the server's point of view.
    if (text_in(operation["action"]) != "receive" || text_in(channel["address"]) != nsp) continue;
    auto const key = last_part(text_in(operation["messages"][0]["$ref"]));
    if (auto const name = text_in(channel["messages"][key]["name"]); !name.empty()) names.emplace_back(name);
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

ContractReader::ContractReader(core::Shard& shard, Found found)
    : shard_(shard),
      found_(std::move(found)),
      connector_(shard),
      decoder_({.max_body_bytes = longest_document}) {}

ContractReader::~ContractReader() {
  drop();
}

void ContractReader::ask(std::string const& host, std::uint16_t port, std::string const& path) {
  connector_.connect({.host = host, .port = port, .path = {}}, patience,
                     [this, request = "GET " + path + " HTTP/1.1\r\nHost: " + host +
                                      "\r\nConnection: close\r\n\r\n"](core::Connected connected) {
                       if (!connected.stream) return;
                       stream_ = std::move(connected.stream);
                       stream_->set_handler(this);
                       stream_->write(request);
                     });
}

void ContractReader::on_data(std::span<char> bytes) {
  std::string_view input(bytes.data(), bytes.size());
  using Status = http::ResponseDecoder::Status;
  while (true) {
    auto const step = decoder_.next(input);
    if (step.status == Status::more) return;
    if (step.status == Status::failed || decoder_.head().status != 200) return drop();
    body_ += step.data;
    if (step.status == Status::complete) break;
  }
  drop();
  Value document;
  if (utf8::is_valid(body_) && json::parse(body_, document).ok()) found_(document);
}

void ContractReader::drop() noexcept {
  if (!stream_) return;
  stream_->close();
  shard_.retire(std::move(stream_));
}

}  // namespace aerie::cli
