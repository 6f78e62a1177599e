#pragma once

/// \file
/// A real redis-server on a port of its own, for as long as the object lives.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace aerie::test {

/// A port that is free at this moment.
inline std::uint16_t free_port() {
  int const socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(socket, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

class RedisServer {
 public:
  using Options = std::vector<std::string>;

  static bool installed() { return ::access("/usr/bin/redis-server", X_OK) == 0; }

  /// Does not wait until it listens.
  explicit RedisServer(Options options = {}, std::uint16_t on_port = free_port())
      : port(on_port), options_(std::move(options)) {
    make_folder();
    start();
  }
  /// A sentinel, with these lines of configuration beside its port.
  static std::unique_ptr<RedisServer> sentinel(std::string const& configuration) {
    std::unique_ptr<RedisServer> result(new RedisServer(Made()));
    result->options_ = {"redis-server", (result->folder / "sentinel.conf").string(), "--sentinel"};
    std::ofstream(result->folder / "sentinel.conf") << "port " << result->port << "\nbind 127.0.0.1\ndir "
                                                    << result->folder.string() << "\nlogfile sentinel.log\n"
                                                    << configuration;
    result->run(result->options_);
    return result;
  }
  RedisServer(RedisServer const&) = delete;
  RedisServer& operator=(RedisServer const&) = delete;
  ~RedisServer() {
    kill();
    std::filesystem::remove_all(folder);
  }

  void start() {
    std::vector<std::string> words{
        "redis-server",  "--port",    std::to_string(port), "--bind",      "127.0.0.1",
        "--save",        "",          "--appendonly",       "no",          "--dir",
        folder.string(), "--logfile", "redis.log",          "--daemonize", "no"};
    words.insert(words.end(), options_.begin(), options_.end());
    run(words);
  }
  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
  }
  void pause() { ::kill(process_, SIGSTOP); }
  void resume() { ::kill(process_, SIGCONT); }

  std::string url(std::string const& credentials = "") const {
    return "redis://" + credentials + "127.0.0.1:" + std::to_string(port);
  }

  std::uint16_t port;
  std::filesystem::path folder;

 private:
  struct Made {};
  explicit RedisServer(Made) : port(free_port()) { make_folder(); }

  void make_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "aerie-redis-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
  }
  void run(std::vector<std::string> words) {
    std::vector<char*> args;
    for (auto& word : words)
      args.push_back(word.data());
    args.push_back(nullptr);
    process_ = ::fork();
    if (process_ == 0) {
      // It does not outlive a test that dies.
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::execv("/usr/bin/redis-server", args.data());
      ::_exit(127);
    }
  }

  Options options_;
  pid_t process_ = -1;
};

}  // namespace aerie::test
