#include "unit/chat/postgres_server.hpp"

#include "store/postgres.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <vector>

namespace chat::test {

namespace {

using Words = std::vector<std::string>;

/// The newest of Debian's versions (/usr/lib/postgresql/15/bin), or what is in the PATH.
std::string find_programs() {
  std::filesystem::path newest;
  std::error_code error;
  for (auto const& version : std::filesystem::directory_iterator("/usr/lib/postgresql", error))
    if (std::filesystem::exists(version.path() / "bin/initdb") && version.path() > newest)
      newest = version.path();
  if (!newest.empty()) return (newest / "bin/").string();
  return ::system("command -v initdb postgres >/dev/null 2>&1") == 0 ? "" : "none";
}

/// PostgreSQL refuses to run as root.
Words as_nobody_special(Words words) {
  if (::geteuid() != 0) return words;
  Words all{"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=QUIT", "--"};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

pid_t begin(Words const& given, std::string const& log) {
  auto const words = as_nobody_special(given);
  std::vector<char*> arguments;
  for (auto const& word : words)
    arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  auto const process = ::fork();
  if (process != 0) return process;
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  auto const output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  ::dup2(output, 1);
  ::dup2(output, 2);
  ::chdir("/");
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

int end_of(pid_t process) {
  int status = 0;
  ::waitpid(process, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string& reason() {
  static std::string text;
  return text;
}

}  // namespace

PostgresServer* PostgresServer::shared() {
  static auto const server = []() -> std::unique_ptr<PostgresServer> {
    auto const programs = find_programs();
    if (programs == "none") {
      reason() = "PostgreSQL is not installed; script/bootstrap --test installs it";
      return nullptr;
    }
    std::string directory = "/tmp/aerie-postgres-XXXXXX";
    if (::mkdtemp(directory.data()) == nullptr) throw std::runtime_error("cannot make a temporary directory");
    ::chmod(directory.c_str(), 0777);
    return std::unique_ptr<PostgresServer>(new PostgresServer(programs, directory));
  }();
  return server.get();
}

std::string const& PostgresServer::why_not() {
  return reason();
}

PostgresServer::PostgresServer(std::string programs, std::string directory)
    : programs_(std::move(programs)),
      directory_(std::move(directory)),
      socket_(directory_ + "/.s.PGSQL.5432") {
  auto const made = begin({programs_ + "initdb", "--pgdata=" + directory_ + "/data", "--username=chat",
                           "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"},
                          directory_ + "/log");
  if (end_of(made) != 0) throw std::runtime_error("initdb has failed, see " + directory_ + "/log");
  start();
}

PostgresServer::~PostgresServer() {
  stop();
  std::error_code error;
  std::filesystem::remove_all(directory_, error);
}

std::string PostgresServer::url(std::string const& password) const {
  return "postgres://chat" + (password.empty() ? "" : ":" + password) + "@/postgres?host=" + directory_;
}

void PostgresServer::stop() {
  if (process_ < 0) return;
  ::kill(process_, SIGQUIT);
  end_of(process_);
  process_ = -1;
}

void PostgresServer::start() {
  process_ =
      begin({programs_ + "postgres", "-D", directory_ + "/data", "-k", directory_, "-c",
             "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=16MB", "-c", "max_connections=40"},
            directory_ + "/log");
  auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < deadline) {
    try {
      postgres::Connection const connection(postgres::Options{.url = url()});
      return;
    } catch (postgres::Error const&) {
      ::poll(nullptr, 0, 20);
    }
  }
  throw std::runtime_error("PostgreSQL did not start, see " + directory_ + "/log");
}

void PostgresServer::clear() {
  run("DROP SCHEMA IF EXISTS aerie_chat CASCADE");
}

std::string PostgresServer::run(std::string const& sql) {
  postgres::Connection connection(postgres::Options{.url = url()});
  std::string answer;
  connection.send_sql(sql, [&answer](postgres::Rows const& rows) {
    if (rows.count() != 0) answer = rows.text(0, 0);
  });
  connection.flush();
  return answer;
}

}  // namespace chat::test
