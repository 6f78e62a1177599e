#include "cluster/instances.hpp"

namespace chat {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view census_event = "chat:census";

}  // namespace

Instances::Instances(aerie::Server& server, Census& census, aerie::Scheduler& scheduler,
                     aerie::core::Clock const& clock)
    : server_(server),
      census_(census),
      scheduler_(scheduler),
      clock_(clock),
      are_several_(server.options().adapter != nullptr),
      soon_(server.runtime()) {}

void Instances::on_application_bootstrap() {
  if (!are_several_) return;
  on(census_event, [this](CensusMessage const& message) { census_.received(message, clock_.now()); });
  census_.connect([this](CensusMessage const& message) { tell(census_event, message); },
                  [this] { soon_.do_soon("census", [this] { census_.flush(); }); });
  ticking_ = scheduler_.every(1s, [this] { tick(); });
}

void Instances::tick() {
  auto const is_connected = server_.cluster().state == aerie::ClusterState::ready;
  // What was said before was heard by nobody.
  if (is_connected && !was_connected_) census_.open(clock_.now());
  was_connected_ = is_connected;
  census_.tick(clock_.now());
}

void Instances::before_application_shutdown(std::string_view) {
  if (!are_several_) return;
  ticking_.cancel();
  census_.close();
}

aerie::Task<std::vector<aerie::Value>> Instances::answers_of(aerie::Task<aerie::BroadcastReply> reply) {
  auto answered = co_await std::move(reply);
  co_return std::move(answered.responses);
}

}  // namespace chat
