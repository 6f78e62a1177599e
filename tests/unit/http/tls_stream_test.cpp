#include "http/hub.hpp"
#include "unit/http/server_fixture.hpp"
#include "unit/http/tls_fixture.hpp"

#include <aerie/tls/stream.hpp>

#include <stdexcept>

namespace aerie::http { namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class TlsTest : public ServerFixture {
 protected:
  TlsTest()
      : ServerFixture(2), folder(fs::temp_directory_path() / ("aerie-tls-" + std::to_string(::getpid()))) {
    fs::create_directories(folder);
    server.mount("/", service);
    service.on_begin = [](Exchange& exchange) {
      exchange.respond(200, "", exchange.secure() ? "secure" : "open");
    };
  }
  ~TlsTest() override { fs::remove_all(folder); }

  TlsOptions options() const {
    return {.certificate_file = identity().certificate_file, .private_key_file = identity().key_file};
  }
  Identity const& identity() const {
    if (!identity_) identity_ = std::make_unique<Identity>(folder, "server");
    return *identity_;
  }

  TlsClient connect_tls(TlsOptions const& tls, Context const& client = TlsClient::context()) {
    auto pair = core::memory_pair(shard);
    server.serve(tls::accept(std::move(pair.server), tls::Context::server(tls, "http/1.1")));
    return {std::move(pair.client), client};
  }
  std::string ask(TlsClient& client, std::string_view request) {
    client.write(request);
    client.exchange([&] { run(); });
    return client.take();
  }

  fs::path folder;
  std::unique_ptr<Identity> mutable identity_;
};

TEST_F(TlsTest, CarriesRequests) {
  auto client = connect_tls(options());
  EXPECT_EQ(body_of(ask(client, get("/"))), "secure");
  EXPECT_EQ(body_of(ask(client, get("/"))), "secure");
  EXPECT_STREQ(SSL_get_version(client.ssl()), "TLSv1.3");
}

TEST_F(TlsTest, CarriesLargeBodiesToASlowReader) {
  service.on_begin = [](Exchange& exchange) { exchange.respond(200, "", std::string(1'000'000, 'x')); };
  auto client = connect_tls(options());
  client.transport().set_window(20'000);
  client.write(get("/"));
  while (client.received().size() < 1'000'000) {
    auto const before = client.received().size();
    client.exchange([&] { run(); });
    if (client.established()) {
      ASSERT_GT(client.received().size(), before);
    }
  }
}

TEST_F(TlsTest, CarriesLargeRequests) {
  service.on_begin = [this](Exchange& exchange) { exchange.read_body(service, 1'000'000); };
  service.answer_bodies = true;
  auto client = connect_tls(options());
  auto const body = std::string(500'000, 'x');
  EXPECT_EQ(body_of(ask(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n" + body)),
            "ok");
  EXPECT_EQ(service.events.back(), "body " + body);
}

TEST_F(TlsTest, EndsInAnOrderlyWay) {
  auto client = connect_tls(options());
  auto const response = ask(client, get("/", "Connection: close\r\n"));
  EXPECT_EQ(body_of(response), "secure");
  EXPECT_EQ(SSL_get_shutdown(client.ssl()) & SSL_RECEIVED_SHUTDOWN, SSL_RECEIVED_SHUTDOWN);
  EXPECT_TRUE(client.transport().ended());
}

TEST_F(TlsTest, HearsThatTheClientHasEnded) {
  service.on_begin = nullptr;
  auto client = connect_tls(options());
  ask(client, get("/"));
  SSL_shutdown(client.ssl());
  client.exchange([&] { run(); });
  EXPECT_EQ(service.events, (std::vector<std::string>{"GET /", "aborted"}));
  EXPECT_EQ(server.connections(), 0U);
}

TEST_F(TlsTest, AnswersAClientThatEndsTogetherWithItsRequest) {
  auto client = connect_tls(options());
  client.exchange([&] { run(); });
  client.write(get("/"));
  client.exchange([] {});
  SSL_shutdown(client.ssl());
  client.exchange([&] { run(); });
  EXPECT_EQ(body_of(client.take()), "secure");
  EXPECT_EQ(server.connections(), 0U);
}

TEST_F(TlsTest, AnswersAClientThatClosesItsDirectionWithoutSayingGoodbye) {
  auto client = connect_tls(options());
  client.exchange([&] { run(); });
  client.write(get("/"));
  client.exchange([] {});
  client.transport().close();
  client.exchange([&] { run(); });
  EXPECT_EQ(body_of(client.take()), "secure");
  EXPECT_EQ(server.connections(), 0U);
}

TEST_F(TlsTest, MovesToAnotherShard) {
  std::vector<int> shards;
  service.on_begin = [&](Exchange& exchange) {
    shards.push_back(exchange.shard().index());
    if (shards.size() == 1) {
      exchange.continue_on(runtime.shard(1));
    } else {
      exchange.respond(200, "", "moved");
    }
  };
  auto client = connect_tls(options());
  EXPECT_EQ(body_of(ask(client, get("/"))), "moved");
  EXPECT_EQ(body_of(ask(client, get("/"))), "moved");
  EXPECT_EQ(shards, (std::vector<int>{0, 1, 1}));
}

TEST_F(TlsTest, RefusesPlainTextAndOldVersions) {
  auto pair = core::memory_pair(shard);
  server.serve(tls::accept(std::move(pair.server), tls::Context::server(options(), "http/1.1")));
  pair.client.write(get("/"));
  run();
  EXPECT_TRUE(pair.client.closed());

  auto context = TlsClient::context();
  SSL_CTX_set_max_proto_version(context.get(), TLS1_1_VERSION);
  SSL_CTX_set_security_level(context.get(), 0);
  auto client = connect_tls(options(), context);
  ask(client, get("/"));
  EXPECT_FALSE(client.established());
  EXPECT_TRUE(client.transport().closed());
  EXPECT_EQ(server.connections(), 0U);
}

TEST_F(TlsTest, SpeaksTls12) {
  auto context = TlsClient::context();
  SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
  auto client = connect_tls(options(), context);
  EXPECT_EQ(body_of(ask(client, get("/"))), "secure");
}

TEST_F(TlsTest, AgreesOnHttp11) {
  auto context = TlsClient::context();
  constexpr unsigned char both[] = "\x02h2\x08http/1.1";
  SSL_CTX_set_alpn_protos(context.get(), both, sizeof both - 1);
  auto client = connect_tls(options(), context);
  ask(client, get("/"));
  unsigned char const* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(client.ssl(), &chosen, &size);
  EXPECT_EQ(std::string_view(reinterpret_cast<char const*>(chosen), size), "http/1.1");

  constexpr unsigned char http_2_only[] = "\x02h2";
  SSL_CTX_set_alpn_protos(context.get(), http_2_only, sizeof http_2_only - 1);
  auto other = connect_tls(options(), context);
  ask(other, get("/"));
  EXPECT_FALSE(other.established());
}

TEST_F(TlsTest, GivesUpASlowHandshake) {
  auto tls = options();
  tls.handshake_timeout = 3s;
  auto client = connect_tls(tls);
  advance(2'999ms);
  EXPECT_FALSE(client.transport().closed());
  advance(1ms);
  EXPECT_TRUE(client.transport().closed());
  EXPECT_EQ(server.connections(), 0U);
}

TEST_F(TlsTest, AsksForAClientCertificate) {
  Identity const known(folder, "known");
  Identity const stranger(folder, "stranger");
  auto tls = options();
  tls.client_ca_file = known.certificate_file;
  tls.require_client_certificate = true;

  auto const context_of = [](Identity const* who) {
    auto context = TlsClient::context();
    if (who != nullptr) {
      SSL_CTX_use_certificate(context.get(), who->certificate.get());
      SSL_CTX_use_PrivateKey(context.get(), who->key.get());
    }
    return context;
  };
  auto good = connect_tls(tls, context_of(&known));
  EXPECT_EQ(body_of(ask(good, get("/"))), "secure");
  auto none = connect_tls(tls, context_of(nullptr));
  EXPECT_EQ(ask(none, get("/")), "");
  EXPECT_TRUE(none.transport().closed());
  auto bad = connect_tls(tls, context_of(&stranger));
  EXPECT_EQ(ask(bad, get("/")), "");
  EXPECT_TRUE(bad.transport().closed());

  tls.require_client_certificate = false;
  auto optional = connect_tls(tls, context_of(nullptr));
  EXPECT_EQ(body_of(ask(optional, get("/"))), "secure");
}

TEST_F(TlsTest, SaysWhichFileIsWrong) {
  auto tls = options();
  tls.certificate_file = folder / "missing.crt";
  EXPECT_THROW(tls::Context::server(tls, "http/1.1"), std::runtime_error);
  tls = options();
  tls.private_key_file = Identity(folder, "other").key_file;
  EXPECT_THROW(tls::Context::server(tls, "http/1.1"), std::runtime_error);
  tls = options();
  tls.require_client_certificate = true;
  EXPECT_THROW(tls::Context::server(tls, "http/1.1"), std::runtime_error);
  EXPECT_THROW(
      Server(ServerOptions{.tls = TlsOptions{.certificate_file = "missing", .private_key_file = "missing"}}),
      std::runtime_error);
}

TEST_F(TlsTest, KeepsTheOldCertificateIfTheNewOneIsBroken) {
  Server secure(runtime, {.tls = options()});
  EXPECT_NO_THROW(secure.reload_certificates());
  fs::remove(identity().key_file);
  EXPECT_THROW(secure.reload_certificates(), std::runtime_error);
}

}}  // namespace aerie::http
