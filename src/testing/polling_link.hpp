#pragma once

#include "testing/engine_link.hpp"

#include <aerie/core/memory_stream.hpp>
#include <aerie/testing/http_client.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace testing {

/// A session of long polling: one connection for polls, one for what is posted.
class PollingLink final : public EngineLink {
 public:
  PollingLink(std::shared_ptr<Network> network, std::optional<std::uint16_t> port, std::string target,
              Headers headers);

  bool pump() override;
  bool is_open() const noexcept override { return is_open_; }
  std::string refusal() const override { return refusal_; }
  std::vector<Message> take() override { return std::exchange(messages_, {}); }
  void send(std::string_view packet) override;
  void send_binary(std::string_view bytes) override;
  void lose() override;

 private:
  void begin_poll();
  void read(HttpResponse const& response);
  void add(std::string_view packet);

  std::shared_ptr<Network> network_;
  std::optional<std::uint16_t> port_;
  std::string target_;
  Headers headers_;
  core::MemoryClient polls_;
  core::MemoryClient posts_;
  std::string received_;
  std::string refusal_;
  std::vector<Message> messages_;
  bool has_session_ = false;
  bool is_open_ = true;
};

}}}  // namespace aerie::v1::testing
