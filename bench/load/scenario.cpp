#include "load/scenario.hpp"

#include "load/scenarios/churn.hpp"
#include "load/scenarios/connect.hpp"
#include "load/scenarios/echo.hpp"
#include "load/scenarios/fanout.hpp"
#include "load/scenarios/handshakes.hpp"
#include "load/scenarios/memory.hpp"
#include "load/scenarios/open_loop.hpp"
#include "load/scenarios/polling.hpp"
#include "load/scenarios/requests.hpp"
#include "load/scenarios/restart.hpp"
#include "load/scenarios/rooms.hpp"
#include "load/scenarios/slow_readers.hpp"
#include "load/scenarios/stored.hpp"
#include "load/scenarios/upgrade.hpp"

#include <array>

namespace load {

namespace {

template <typename Kind>
std::unique_ptr<Scenario> make(Options const& options) {
  return std::make_unique<Kind>(options);
}

constexpr std::array kinds{
    ScenarioKind{"connect", "opens the connections, 128 at a time, and weighs them when they have settled",
                 &make<Connect>},
    ScenarioKind{"echo", "each connection has so many acknowledged messages in flight", &make<Echo>},
    ScenarioKind{"fanout", "a room of all connections has so many messages in flight", &make<FanOut>},
    ScenarioKind{"fanout-rate", "one sender makes so many deliveries per second to a room of all connections",
                 &make<FanOutAtRate>},
    ScenarioKind{"chat",
                 "the members of the rooms send at random times, so many deliveries per second in all",
                 &make<Chat>},
    ScenarioKind{"polling-echo", "echo over HTTP long-polling", &make<PollingEcho>},
    ScenarioKind{"polling-fanout", "fanout to members that poll, from a sender with a WebSocket",
                 &make<PollingFanOut>},
    ScenarioKind{"join-leave", "each connection joins so many rooms and leaves them, step by step",
                 &make<JoinLeave>},
    ScenarioKind{"post", "each connection posts an order as JSON, again and again", &make<Post>},
    ScenarioKind{"get", "each connection asks for a file, again and again", &make<Get>},
    ScenarioKind{"churn", "connects, joins a room, is told so, and leaves, over and over", &make<Churn>},
    ScenarioKind{
        "upgrade",
        "begins on polling, upgrades to a WebSocket, gets one acknowledgement, and leaves, over and over",
        &make<Upgrade>},
    ScenarioKind{"handshakes", "connects, does a TLS handshake, and leaves, over and over",
                 &make<Handshakes>},
    ScenarioKind{"restart", "all connections come back at once, while others who have stayed go on",
                 &make<Restart>},
    ScenarioKind{"storm", "connects all, has all leave, and weighs the server when that has settled",
                 &make<Storm>},
    ScenarioKind{"memberships", "has all connections join all rooms, one after the other, and weighs that",
                 &make<Memberships>},
    ScenarioKind{"connect-polling",
                 "opens sessions over HTTP long-polling and weighs them when they have settled",
                 &make<ConnectPolling>},
    ScenarioKind{"stored",
                 "some members of rooms of the program of apps/chat send, and are answered when it is stored",
                 &make<Stored>},
    ScenarioKind{"slow-readers", "fanout-rate, and then every tenth connection stops reading",
                 &make<SlowReaders>},
};

}  // namespace

std::span<ScenarioKind const> scenarios() {
  return kinds;
}

}  // namespace load
