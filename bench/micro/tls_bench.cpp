// What TLS costs a server beside what it costs anyway, over connections in memory.
//
//     tls_bench memory                 bytes of the heap per idle connection: the slope from 500 to 2500 of
//     them tls_bench handshake | resumed    prints how many were done; the instructions of the server's side
//     alone are tls_bench small | large          counted by callgrind: see docs/performance.md. `small` is a
//     message of 64 bytes
//                                      each way, `large` one of 16 KiB, both with 100 of them on one
//                                      connection
#include "unit/support/certificates.hpp"

#include <aerie/core/memory_stream.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/tls/stream.hpp>

#include <malloc.h>
#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

// The server's part: callgrind counts what happens within.
[[gnu::noinline]] void counted_turn(aerie::core::Shard& shard) {
  shard.run_ready();
}

namespace {

namespace core = aerie::core;
namespace tls = aerie::tls;
using ClientContext = std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)>;
using Ssl = std::unique_ptr<SSL, void (*)(SSL*)>;
using Session = std::unique_ptr<SSL_SESSION, void (*)(SSL_SESSION*)>;

/// What OpenSSL has of the heap, with malloc's own word for each piece.
std::size_t openssl_bytes = 0;

void* count_in(void* piece) {
  if (piece != nullptr) openssl_bytes += ::malloc_usable_size(piece) + sizeof(std::size_t);
  return piece;
}
void count_out(void* piece) {
  if (piece != nullptr) openssl_bytes -= ::malloc_usable_size(piece) + sizeof(std::size_t);
}
void* counted_malloc(std::size_t size, char const*, int) {
  return count_in(std::malloc(size));
}
void* counted_realloc(void* piece, std::size_t size, char const*, int) {
  count_out(piece);
  return count_in(std::realloc(piece, size));
}
void counted_free(void* piece, char const*, int) {
  count_out(piece);
  std::free(piece);
}

/// Answers with what it is sent.
class Echo final : public core::StreamHandler {
 public:
  explicit Echo(std::unique_ptr<core::Stream> stream) : stream_(std::move(stream)) {
    stream_->set_handler(this);
  }

 private:
  void on_data(std::span<char> bytes) override { stream_->write({bytes.data(), bytes.size()}); }
  void on_closed(std::error_code) override {}
  void on_overflow() override {}
  std::unique_ptr<core::Stream> stream_;
};

/// OpenSSL's client at the other end, which is not counted.
class Client {
 public:
  Client(core::MemoryClient end, SSL_CTX& context, SSL_SESSION* session)
      : end_(std::move(end)), ssl_(SSL_new(&context), SSL_free) {
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(ssl_.get());
    if (session != nullptr) SSL_set_session(ssl_.get(), session);
  }

  ~Client() {
    // Whoever leaves without a word gives up the session.
    SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  }

  bool shake_hands() { return SSL_do_handshake(ssl_.get()) == 1; }
  bool was_resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
  Session session() { return {SSL_get1_session(ssl_.get()), SSL_SESSION_free}; }
  void send(std::string const& text) { SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())); }
  std::size_t receive() {
    std::size_t all = 0;
    std::string buffer(16'384, '\0');
    for (int size = 0; (size = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()))) > 0;)
      all += static_cast<std::size_t>(size);
    return all;
  }
  /// Both directions of the wire, with a turn of the server in between.
  void exchange(core::Shard& shard) {
    char* out = nullptr;
    auto* const wire = SSL_get_wbio(ssl_.get());
    auto const size = BIO_get_mem_data(wire, &out);
    end_.write({out, static_cast<std::size_t>(size)});
    BIO_reset(wire);
    counted_turn(shard);
    auto const in = end_.take();
    BIO_write(SSL_get_rbio(ssl_.get()), in.data(), static_cast<int>(in.size()));
  }
  core::MemoryClient leave_open() { return std::move(end_); }

 private:
  core::MemoryClient end_;
  Ssl ssl_;
};

class Bench {
 public:
  Bench() { SSL_CTX_set_verify(client_context_.get(), SSL_VERIFY_NONE, nullptr); }
  ~Bench() {
    echoes_.clear();
    shard().run_ready();
    std::filesystem::remove_all(folder_);
  }

  std::size_t memory() {
    auto const add_plain = [this] { idle_.push_back(add(false)); };
    auto const add_secured = [this] { idle_.push_back(meet(nullptr)->leave_open()); };
    auto const plain = slope(in_use, add_plain);
    auto const secured = slope(in_use, add_secured);
    auto const openssl = slope([] { return openssl_bytes; }, add_secured);
    std::cout << "bytes per idle connection: " << secured - plain << " more than the " << plain
              << " of a plain one; " << openssl << " of them are OpenSSL's" << std::endl;
    return secured - plain;
  }

  std::size_t handshakes(bool resumed) {
    constexpr std::size_t count = 20;
    auto const first = meet(nullptr);
    first->send("hello");
    first->exchange(shard());
    first->receive();
    auto const session = first->session();
    for (std::size_t i = 0; i < count; ++i) {
      auto const client = meet(resumed ? session.get() : nullptr);
      if (client->was_resumed() != resumed) throw std::logic_error("resumption is not as it should be");
    }
    return count;
  }

  std::size_t messages(std::size_t size) {
    constexpr std::size_t count = 100;
    auto const client = meet(nullptr);
    std::string const text(size, 'x');
    for (std::size_t i = 0; i < count; ++i) {
      client->send(text);
      client->exchange(shard());
      if (client->receive() != size) throw std::logic_error("the answer is not what was sent");
    }
    return count;
  }

 private:
  core::Shard& shard() { return runtime_.shard(0); }

  core::MemoryClient add(bool is_secure) {
    auto pair = core::memory_pair(shard());
    auto stream = is_secure ? tls::accept(std::move(pair.server), context_) : std::move(pair.server);
    echoes_.push_back(std::make_unique<Echo>(std::move(stream)));
    return std::move(pair.client);
  }

  std::unique_ptr<Client> meet(SSL_SESSION* session) {
    auto client = std::make_unique<Client>(add(true), *client_context_, session);
    for (int i = 0; !client->shake_hands(); ++i) {
      if (i == 10) throw std::logic_error("they do not meet");
      client->exchange(shard());
    }
    client->exchange(shard());
    return client;
  }

  static std::size_t in_use() {
    auto const info = mallinfo2();
    return info.uordblks + info.hblkhd;
  }

  std::size_t slope(std::function<std::size_t()> const& weigh, std::function<void()> const& add_one) {
    constexpr std::size_t few = 500;
    constexpr std::size_t many = 2500;
    // Lists that grow are no part of it.
    idle_.reserve(3 * many + 2);
    echoes_.reserve(3 * many + 2);
    for (std::size_t i = 0; i < few; ++i)
      add_one();
    auto const before = weigh();
    for (auto i = few; i < many; ++i)
      add_one();
    return (weigh() - before) / (many - few);
  }

  std::filesystem::path folder_ = [] {
    auto const folder =
        std::filesystem::temp_directory_path() / ("aerie-tls-bench-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    return folder;
  }();
  aerie::test::Certified identity_{folder_, "server", {}};
  std::shared_ptr<tls::Context const> context_ = tls::Context::server(
      {.certificate_file = identity_.certificate_file, .private_key_file = identity_.key_file});
  ClientContext client_context_{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
  aerie::Runtime runtime_;
  std::vector<std::unique_ptr<Echo>> echoes_;
  std::vector<core::MemoryClient> idle_;
};

std::map<std::string, std::function<std::size_t(Bench&)>> const kinds{
    {"memory", [](Bench& bench) { return bench.memory(); }},
    {"handshake", [](Bench& bench) { return bench.handshakes(false); }},
    {"resumed", [](Bench& bench) { return bench.handshakes(true); }},
    {"small", [](Bench& bench) { return bench.messages(64); }},
    {"large", [](Bench& bench) { return bench.messages(16'384); }},
};

}  // namespace

int main(int argc, char** argv) {
  auto const kind = kinds.find(argc == 2 ? argv[1] : "");
  if (kind == kinds.end()) {
    std::cerr << "usage: tls_bench memory | handshake | resumed | small | large\n";
    return 2;
  }
  CRYPTO_set_mem_functions(counted_malloc, counted_realloc, counted_free);
  Bench bench;
  std::cout << kind->second(bench) << std::endl;
  return 0;
}
