#include "unit/core/fake_stream.hpp"
#include "unit/core/task_fixture.hpp"
#include "unit/support/certificates.hpp"

#include <aerie/core/memory_stream.hpp>
#include <aerie/tls/stream.hpp>

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>

namespace aerie::tls { namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Identity = test::Certified;

/// Both sides in one process: what one transport is written, the other gets.
class TlsTest : public test::TaskFixture {
 protected:
  TlsTest() { fs::create_directories(folder); }
  ~TlsTest() override {
    for (auto* const side : {&client, &server}) {
      if (!*side) continue;
      (*side)->close();
      shard().retire(std::move(*side));
    }
    run_ready();
    fs::remove_all(folder);
  }

  /// Lets a client connect to a server with that certificate, and both say a word.
  void meet(Identity const& identity, ClientOptions const& options, std::string const& host,
            std::string const& server_ca = "") {
    auto near = core::memory_pair(shard());
    auto far = core::memory_pair(shard());
    near_end = std::make_unique<core::MemoryClient>(std::move(near.client));
    far_end = std::make_unique<core::MemoryClient>(std::move(far.client));
    ServerOptions for_server{.certificate_file = identity.certificate_file,
                             .private_key_file = identity.key_file};
    for_server.client_ca_file = server_ca;
    for_server.require_client_certificate = !server_ca.empty();
    shard().post([&] {
      server = accept(std::move(far.server), Context::server(for_server));
      server->set_handler(&server_handler);
      server->write("from the server");
      client = connect(std::move(near.server), Context::client(options), host);
      client->set_handler(&client_handler);
      client->write("from the client");
    });
    carry();
  }
  void carry() {
    for (auto busy = true; busy;) {
      run_ready();
      auto const out = near_end->take();
      auto const in = far_end->take();
      wire += out;
      if (!out.empty()) far_end->write(out);
      if (!in.empty()) near_end->write(in);
      if (near_end->closed() && !far_end->closed()) far_end->close();
      if (far_end->closed() && !near_end->closed()) near_end->close();
      busy = !out.empty() || !in.empty();
    }
    run_ready();
  }
  /// What a client says first.
  std::string client_hello() {
    auto pair = core::memory_pair(shard());
    shard().post([&] {
      client = connect(std::move(pair.server), Context::client(trusting(authority)), "redis.example");
    });
    run_ready();
    return std::string(pair.client.received());
  }
  /// A server's end over a transport that takes so many bytes. In a turn.
  test::FakeStream& accept_from(std::size_t window) {
    auto inner = std::make_unique<test::FakeStream>(shard());
    inner->window = window;
    auto& transport = *inner;
    server = accept(std::move(inner), Context::server({.certificate_file = good.certificate_file,
                                                       .private_key_file = good.key_file}));
    server->set_handler(&server_handler);
    return transport;
  }
  bool met() const {
    return server_handler.data == "from the client" && client_handler.data == "from the server";
  }
  /// Why the client has closed.
  std::string why() const {
    return client_handler.closed.empty() ? "(it has not)" : client_handler.closed.front().message();
  }
  ClientOptions trusting(Identity const& authority) const { return {.ca_file = authority.certificate_file}; }

  fs::path folder = fs::temp_directory_path() / ("aerie-tls-client-" + std::to_string(::getpid()));
  Identity authority{folder_made(), "authority", {.authority = true}};
  Identity good{folder,
                "good",
                {.alternative_names = "DNS:redis.example,DNS:*.shards.example,IP:10.0.0.1,IP:::1"},
                &authority};
  test::RecordingHandler server_handler, client_handler;
  std::unique_ptr<core::Stream> server, client;
  std::unique_ptr<core::MemoryClient> near_end, far_end;
  std::string wire;

 private:
  fs::path const& folder_made() const {
    fs::create_directories(folder);
    return folder;
  }
};

TEST_F(TlsTest, AServerIsTrustedWhoseAuthorityIs) {
  meet(good, trusting(authority), "redis.example");
  EXPECT_TRUE(met()) << why();
  EXPECT_TRUE(client->secure());
  EXPECT_EQ(wire.find("from the client"), std::string::npos);
  EXPECT_NE(wire.find("redis.example"), std::string::npos) << "the server is told its name (SNI)";
}

TEST_F(TlsTest, WhatAPeerDoesNotTakeWaitsWhereItIsCounted) {
  meet(good, trusting(authority), "redis.example");
  ASSERT_TRUE(met()) << why();
  server->set_limit(1 << 20);
  // One record that is sent, and one more.
  constexpr std::size_t most_elsewhere = 2 * (16 * 1024 + 64);
  std::size_t turns = 0;
  for (auto const size : std::array<std::size_t, 6>{1, 100, 16'000, 17'000, 400'000, 3'000'000}) {
    SCOPED_TRACE(size);
    far_end->set_window(0);
    std::size_t written = 0;
    for (int i = 0; i < 40; ++i) {
      if (written > 0 && written + size > (1 << 20)) break;
      shard().post([&] { server->write(std::string(size, 'x')); });
      written += size;
      run_ready();
      ASSERT_LE(written - server->unsent(), most_elsewhere);
      ++turns;
    }
    // It reads again, and gets all of it.
    far_end->set_window(std::numeric_limits<std::size_t>::max());
    client_handler.data.clear();
    carry();
    EXPECT_EQ(client_handler.data.size(), written);
  }
  EXPECT_GT(turns, 100U);
}

/// Stops reading after each delivery.
struct PausingHandler final : core::StreamHandler {
  explicit PausingHandler(core::Stream& stream) : stream(stream) {}
  void on_data(std::span<char> bytes) override {
    data.append(bytes.data(), bytes.size());
    stream.pause_reading();
  }
  void on_closed(std::error_code) override { closed = true; }
  void on_overflow() override {}
  core::Stream& stream;
  std::string data;
  bool closed = false;
};

TEST_F(TlsTest, WhatArrivesInAnyPiecesAndWhilePausedIsReadInItsOrder) {
  meet(good, trusting(authority), "redis.example");
  ASSERT_TRUE(met()) << why();
  PausingHandler pausing(*server);
  server->set_handler(&pausing);
  std::string sent;
  std::size_t deliveries = 0;
  for (auto const piece : std::array<std::size_t, 5>{1, 7, 1000, 20'000, 200'000}) {
    SCOPED_TRACE(piece);
    for (std::size_t const size : {1U, 300U, 17'000U, 60'000U}) {
      std::string const text(size, static_cast<char>('a' + sent.size() % 26));
      sent += text;
      shard().post([&] { client->write(text); });
      run_ready();
    }
    auto const out = near_end->take();
    for (std::size_t at = 0; at < out.size(); at += piece) {
      far_end->write(out.substr(at, piece));
      // Some pieces come together.
      if (at / piece % 3 != 0) run_ready();
      if (at / piece % 2 == 0) shard().post([&] { server->resume_reading(); });
    }
    for (auto before = std::string::npos; before != pausing.data.size(); ++deliveries) {
      before = pausing.data.size();
      shard().post([&] { server->resume_reading(); });
      run_ready();
    }
    ASSERT_EQ(pausing.data.size(), sent.size());
  }
  EXPECT_EQ(pausing.data, sent);
  EXPECT_GT(deliveries, 5U);
  EXPECT_FALSE(pausing.closed);
  server->set_handler(&server_handler);
}

TEST_F(TlsTest, WhatATurnHasWrittenInPiecesIsOneRecord) {
  meet(good, trusting(authority), "redis.example");
  ASSERT_TRUE(met()) << why();
  client_handler.data.clear();
  std::string expected;
  shard().post([&] {
    for (int i = 0; i < 10; ++i) {
      auto const text = "message " + std::to_string(i);
      expected += text;
      server->write(core::ChunkRef::copy(text));
    }
  });
  run_ready();
  auto const out = far_end->take();
  // RFC 8446, 5.2: a head of five bytes, the type and the tag behind the text.
  EXPECT_EQ(out.size(), expected.size() + 5 + 1 + 16);
  near_end->write(out);
  run_ready();
  EXPECT_EQ(client_handler.data, expected);
}

TEST_F(TlsTest, ACertificateIsGoodForItsNamesOnly) {
  struct {
    std::string host;
    bool good;
  } const cases[] = {
      {"redis.example", true},
      {"REDIS.example", true},
      {"other.example", false},
      {"a.shards.example", true},
      {"a.b.shards.example", false},
      {"shards.example", false},
      {"10.0.0.1", true},
      {"10.0.0.2", false},
      {"::1", true},
      {"::2", false},
      {"good", false},
      {"", false},
  };
  for (auto const& [host, is_good] : cases) {
    SCOPED_TRACE(host);
    if (host.empty()) {
      EXPECT_EQ(Context::client(trusting(authority))->new_connection(host), nullptr);
      continue;
    }
    server_handler = client_handler = {};
    meet(good, trusting(authority), host);
    EXPECT_EQ(met(), is_good);
    if (!is_good) {
      EXPECT_NE(why().find("mismatch"), std::string::npos) << why();
      EXPECT_EQ(server_handler.data, "") << "nothing is sent to a stranger";
    }
    server->close();
    client->close();
    shard().retire(std::move(server));
    shard().retire(std::move(client));
    run_ready();
  }
}

TEST_F(TlsTest, ACertificateIsNotGood) {
  Identity const stranger(folder, "stranger", {.authority = true});
  Identity const self_signed(folder, "self", {.alternative_names = "DNS:redis.example"});
  Identity const expired(folder, "expired",
                         {.alternative_names = "DNS:redis.example", .from = -7200, .until = -3600},
                         &authority);
  Identity const early(folder, "early",
                       {.alternative_names = "DNS:redis.example", .from = 3600, .until = 7200}, &authority);
  Identity const by_stranger(folder, "by-stranger", {.alternative_names = "DNS:redis.example"}, &stranger);
  struct {
    Identity const& identity;
    std::string_view says;
  } const cases[] = {{self_signed, "self-signed certificate"},
                     {expired, "certificate has expired"},
                     {early, "certificate is not yet valid"},
                     {by_stranger, "unable to get local issuer certificate"}};
  for (auto const& [identity, says] : cases) {
    server_handler = client_handler = {};
    meet(identity, trusting(authority), "redis.example");
    EXPECT_FALSE(met());
    EXPECT_EQ(why(), says);
    ASSERT_EQ(client_handler.closed.size(), 1U);
    EXPECT_EQ(client_handler.closed[0].category(), verification_category());
    EXPECT_EQ(server_handler.data, "");
    server->close();
    client->close();
    shard().retire(std::move(server));
    shard().retire(std::move(client));
    run_ready();
  }
}

TEST_F(TlsTest, TheSystemIsTrustedIfNobodyIsNamed) {
  meet(good, {}, "redis.example");
  EXPECT_FALSE(met());
  EXPECT_EQ(why(), "unable to get local issuer certificate");
}

TEST_F(TlsTest, AnyServerIsTakenIfThatIsAskedFor) {
  Identity const self_signed(folder, "self", {});
  meet(self_signed, {.verify = false}, "redis.example");
  EXPECT_TRUE(met()) << why();
}

TEST_F(TlsTest, TheNameMayBeAnother) {
  auto options = trusting(authority);
  options.server_name = "redis.example";
  meet(good, options, "127.0.0.1");
  EXPECT_TRUE(met()) << why();
}

TEST_F(TlsTest, AClientShowsItsCertificate) {
  Identity const known(folder, "known", {}, &authority);
  auto options = trusting(authority);
  options.certificate_file = known.certificate_file;
  options.private_key_file = known.key_file;
  meet(good, options, "redis.example", authority.certificate_file);
  EXPECT_TRUE(met()) << why();
}

TEST_F(TlsTest, AClientWithoutACertificateIsRefusedWhereOneIsWanted) {
  meet(good, trusting(authority), "redis.example", authority.certificate_file);
  EXPECT_FALSE(met());
  EXPECT_EQ(client_handler.closed.size(), 1U);
}

TEST_F(TlsTest, AStepOfTheHandshakeIsSentBeforeTheTurnEnds) {
  auto const hello = client_hello();
  shard().post([&] {
    auto& inner = accept_from(test::FakeStream::unlimited);
    inner.hear(hello);
    EXPECT_EQ(inner.transmissions, 1);
    EXPECT_GT(inner.wire.size(), hello.size()) << "the certificate is in it";
  });
  run_ready();
  EXPECT_EQ(server_handler.closed.size(), 0U);
}

TEST_F(TlsTest, AStepThatIsTakenInPartGoesOnWhenThereIsRoom) {
  auto const hello = client_hello();
  test::FakeStream* inner = nullptr;
  shard().post([&] {
    inner = &accept_from(100);
    inner->hear(hello);
    EXPECT_EQ(inner->wire.size(), 100U);
  });
  run_ready();
  shard().post([&] { inner->take(test::FakeStream::unlimited); });
  run_ready();
  EXPECT_GT(inner->wire.size(), hello.size());
  EXPECT_EQ(server_handler.closed.size(), 0U);
}

TEST_F(TlsTest, AStepThatCannotBeSentEndsTheConnection) {
  auto const hello = client_hello();
  shard().post([&] {
    auto& inner = accept_from(test::FakeStream::unlimited);
    inner.failure = std::make_error_code(std::errc::connection_reset);
    inner.hear(hello);
  });
  run_ready();
  ASSERT_EQ(server_handler.closed.size(), 1U);
  EXPECT_EQ(server_handler.closed[0], std::errc::connection_reset);
}

TEST_F(TlsTest, AServerWithoutTlsIsToldFromOneThatIsGone) {
  auto pair = core::memory_pair(shard());
  shard().post([&] {
    client = connect(std::move(pair.server), Context::client(trusting(authority)), "redis.example");
    client->set_handler(&client_handler);
  });
  run_ready();
  EXPECT_FALSE(pair.client.received().empty()) << "the client speaks first";
  pair.client.write("-ERR unknown command\r\n");
  run_ready();
  ASSERT_EQ(client_handler.closed.size(), 1U);
  EXPECT_EQ(client_handler.closed[0], std::errc::protocol_error);
}

TEST_F(TlsTest, ASilentServerIsGivenUp) {
  auto pair = core::memory_pair(shard());
  shard().post([&] {
    client = connect(std::move(pair.server), Context::client(trusting(authority)), "redis.example");
    client->set_handler(&client_handler);
  });
  run_ready();
  advance(10s);
  ASSERT_EQ(client_handler.closed.size(), 1U);
  EXPECT_EQ(client_handler.closed[0], std::errc::timed_out);
}

TEST_F(TlsTest, FilesThatCannotBeUsedAreNamed) {
  auto const problem = [](ClientOptions const& options) -> std::string {
    try {
      Context::client(options);
    } catch (std::runtime_error const& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(problem({.ca_file = "missing"}).find("tls::ClientOptions::ca_file"), std::string::npos);
  EXPECT_NE(problem({.certificate_file = "missing"}).find("tls::ClientOptions::certificate_file"),
            std::string::npos);
  EXPECT_NE(problem({.certificate_file = good.certificate_file, .private_key_file = authority.key_file})
                .find("tls::ClientOptions::private_key_file"),
            std::string::npos);
}

}}  // namespace aerie::tls
