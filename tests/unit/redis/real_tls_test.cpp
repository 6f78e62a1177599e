#include "unit/redis/real_server_fixture.hpp"
#include "unit/support/certificates.hpp"

#include <filesystem>

namespace aerie::redis { namespace {

class RealTls : public RealServerFixture {
 protected:
  using Certified = test::Certified;

  RealTls() { std::filesystem::create_directories(folder); }
  ~RealTls() override { std::filesystem::remove_all(folder); }

  /// A server that speaks TLS only, with that certificate.
  std::unique_ptr<test::RedisServer> serve(Certified const& certificate) {
    auto const port = test::free_port();
    auto server = std::make_unique<test::RedisServer>(
        test::RedisServer::Options{"--port", "0", "--tls-port", std::to_string(port), "--tls-cert-file",
                                   certificate.certificate_file, "--tls-key-file", certificate.key_file,
                                   "--tls-ca-cert-file", certificate.certificate_file, "--tls-auth-clients",
                                   "no"},
        port);
    return server;
  }
  std::unique_ptr<Client> enter(test::RedisServer const& server, std::string const& host = "localhost") {
    return make("rediss://" + host + ":" + std::to_string(server.port),
                [this](ClientOptions& options) { options.tls.ca_file = authority->certificate_file; });
  }

  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("aerie-redis-tls-" + std::to_string(::getpid()));
  std::unique_ptr<Certified> authority = [this] {
    std::filesystem::create_directories(folder);
    return std::make_unique<Certified>(folder, "authority", Certified::About{.authority = true});
  }();
};

TEST_F(RealTls, CarriesCommandsAndMessages) {
  Certified const good(folder, "good", {.alternative_names = "DNS:localhost,IP:127.0.0.1"}, authority.get());
  auto const server = serve(good);
  for (auto const* const host : {"localhost", "127.0.0.1"}) {
    auto const client = enter(*server, host);
    ASSERT_TRUE(until_ready(*client));
    bool confirmed = false;
    auto const a = client->subscribe("ch", hear(), [&](bool) { confirmed = true; });
    ASSERT_TRUE(until([&] { return confirmed; }));
    heard.clear();
    client->publish("ch", std::string(3'000'000, 'x'));
    ASSERT_TRUE(until([&] { return heard.size() == 1; }));
    EXPECT_EQ(heard[0].size(), 3'000'000U);
  }
}

TEST_F(RealTls, RefusesACertificateThatIsNotGood) {
  Certified const other_name(folder, "other", {.alternative_names = "DNS:other.example"}, authority.get());
  Certified const expired(folder, "expired",
                          {.alternative_names = "DNS:localhost", .from = -7200, .until = -3600},
                          authority.get());
  Certified const self_signed(folder, "self", {.alternative_names = "DNS:localhost"});
  struct {
    Certified const& certificate;
    std::string_view says;
  } const cases[] = {{other_name, "hostname mismatch"}, {expired, "expired"}, {self_signed, "self-signed"}};
  for (auto const& [certificate, says] : cases) {
    auto const server = serve(certificate);
    auto const client = enter(*server);
    ASSERT_TRUE(until([&] { return client->last_change().trouble == Trouble::tls; })) << says;
    EXPECT_NE(client->last_change().reason.find(says), std::string::npos) << client->last_change().reason;
  }
}

/// A Redis without TLS waits for the end of a line, and says nothing.
TEST_F(RealTls, DoesNotSpeakToAServerWithoutTls) {
  test::RedisServer const server;
  auto const plain = make(server.url());
  ASSERT_TRUE(until_ready(*plain));
  auto const client = make("rediss://127.0.0.1:" + std::to_string(server.port),
                           [](ClientOptions& options) { options.connect_timeout = 200ms; });
  ASSERT_TRUE(until([&] { return client->state() == State::degraded; }));
  EXPECT_NE(client->last_change().reason.find("is it one with TLS?"), std::string::npos)
      << client->last_change().reason;
}

}}  // namespace aerie::redis
