#include "unit/socketio/socketio_fixture.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace aerie::socketio::test { namespace {

/// Random joins, leaves, broadcasts, direct emits and disconnects, several in a turn, compared with what a
/// plain model says that each client gets, in order.
class RoomsModel : public SocketIoFixture, public testing::WithParamInterface<unsigned> {
 protected:
  struct Member {
    explicit Member(SocketIoClient made) : client(std::move(made)) {}
    SocketIoClient client;
    Socket* socket = nullptr;
    std::set<std::string> rooms{};
    Strings expected{};
  };

  RoomsModel() : random_(GetParam()) {
    start().on_connection([this](Socket& socket) { connected_ = &socket; });
    for (int i = 0; i < 8; ++i) {
      members_.push_back(
          std::make_unique<Member>(SocketIoClient(world, i % 3 == 0 ? Over::polling : Over::websocket)));
      join(*members_.back());
    }
  }
  ~RoomsModel() override { members_.clear(); }

  unsigned pick(std::size_t most) { return static_cast<unsigned>(random_() % most); }
  std::string a_room() { return std::string(1, static_cast<char>('a' + pick(4))); }
  Member& anybody() { return *members_[pick(members_.size())]; }

  void join(Member& member) {
    member.client.join();
    member.socket = connected_;
    member.rooms = {std::string(member.socket->id())};
  }
  /// Room names, sometimes a socket's id among them.
  Strings some_rooms(std::size_t most) {
    Strings names;
    for (auto count = pick(most + 1); count > 0; --count) {
      auto const& member = anybody();
      names.push_back(pick(5) == 0 && member.socket != nullptr ? std::string(member.socket->id()) : a_room());
    }
    return names;
  }
  static bool in_any(Member const& member, Strings const& rooms) {
    return std::ranges::any_of(rooms, [&](auto const& room) { return member.rooms.contains(room); });
  }
  void expect(Strings const& to, Strings const& except, Member const* sender, std::string const& packet) {
    for (auto const& member : members_) {
      if (member->socket == nullptr || member.get() == sender || in_any(*member, except)) continue;
      if (to.empty() || in_any(*member, to)) member->expected.push_back(packet);
    }
  }

  void step() {
    auto& member = anybody();
    auto const number = ++number_;
    auto const packet = "2[\"e\"," + std::to_string(number) + "]";
    auto const kind = pick(12);
    if (member.socket == nullptr) return;
    if (kind < 3) {
      auto const room = a_room();
      member.rooms.insert(room);
      member.socket->join(room);
    } else if (kind < 5) {
      auto const room = a_room();
      member.rooms.erase(room);
      member.socket->leave(room);
    } else if (kind < 8) {
      // Often the same room several times in a row, as in a burst.
      auto const to = pick(2) == 0 ? Strings{"a"} : some_rooms(3);
      auto const except = pick(2) == 0 ? Strings{} : some_rooms(2);
      expect(to, except, nullptr, packet);
      io->to(to).except(except).emit("e", number);
    } else if (kind == 8) {
      auto const to = some_rooms(2);
      expect(to, {}, &member, packet);
      member.socket->to(to).emit("e", number);
    } else if (kind == 9) {
      expect({}, {}, nullptr, packet);
      io->emit("e", number);
    } else if (kind == 10 || pick(4) != 0) {
      member.expected.push_back(packet);
      member.socket->emit("e", number);
    } else {
      member.expected.emplace_back("1");
      member.socket->disconnect();
      member.socket = nullptr;
      member.rooms.clear();
    }
  }

  void compare() {
    for (std::size_t i = 0; i < members_.size(); ++i)
      ASSERT_EQ(members_[i]->client.take(), std::exchange(members_[i]->expected, {})) << "client " << i;
  }

  std::vector<std::unique_ptr<Member>> members_;
  std::mt19937 random_;
  Socket* connected_ = nullptr;
  int number_ = 0;
};

TEST_P(RoomsModel, AgreesOnWhatEveryClientGets) {
  for (int turn = 0; turn < 60 && !HasFatalFailure(); ++turn) {
    world.in_turn([&] {
      for (auto steps = 1 + pick(12); steps > 0; --steps)
        step();
    });
    compare();
    for (auto const& member : members_)
      if (member->socket == nullptr && pick(3) == 0) join(*member);
  }
  std::set<std::string> rooms;
  for (auto const& member : members_)
    rooms.insert(member->rooms.begin(), member->rooms.end());
  world.in_turn([&] {
    auto const names = io->sockets().local_rooms();
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()), rooms) << "empty rooms are forgotten";
  });
}

INSTANTIATE_TEST_SUITE_P(Seeds, RoomsModel, testing::Range(1U, 13U));

}}  // namespace aerie::socketio::test
