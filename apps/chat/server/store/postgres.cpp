#include "store/postgres.hpp"

#include <aerie/core/log.hpp>

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace chat::postgres {

namespace {

using aerie::core::concat;
using std::chrono::milliseconds;

constexpr std::string_view schemes[] = {"postgres://", "postgresql://"};
/// connection_failure; no server says that of itself.
constexpr char const* no_answer = "08006";
/// How much earlier than this side the server gives up, so that there is an answer.
constexpr milliseconds head_start{500};

struct FreeOptions {
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

/// One line, without what libpq puts around it.
std::string line_of(char const* message) {
  std::string text = message == nullptr ? "" : message;
  for (auto const prefix : {"ERROR:  ", "FATAL:  "})
    if (text.starts_with(prefix)) text.erase(0, 8);
  while (text.ends_with('\n'))
    text.pop_back();
  std::ranges::replace(text, '\n', ' ');
  return text.empty() ? "the connection was lost" : text;
}

std::string array_of(std::vector<std::string> const& texts) {
  std::string array = "{";
  for (auto const& text : texts) {
    if (array.size() > 1) array += ',';
    array += '"';
    for (char const c : text) {
      if (c == '"' || c == '\\') array += '\\';
      array += c;
    }
    array += '"';
  }
  return array += '}';
}

std::string settings_of(Options const& options) {
  auto const set = [](char const* name, milliseconds value) {
    return concat("SET ", name, " = ", std::to_string(std::max(value, milliseconds(1)).count()), "; ");
  };
  return set("statement_timeout", options.answer_timeout - head_start) +
         set("lock_timeout", options.lock_timeout) +
         // An instance that has frozen in the middle of a transaction must not keep the others from writing.
         set("idle_in_transaction_session_timeout", options.answer_timeout) +
         // What is acknowledged is on the disk, whatever the database's default is.
         "SET synchronous_commit = on";
}

}  // namespace

bool is_url(std::string_view text) {
  return std::ranges::any_of(schemes, [text](auto scheme) { return text.starts_with(scheme); });
}

std::string place_of(std::string const& url) {
  char* reason = nullptr;
  std::unique_ptr<PQconninfoOption, FreeOptions> const parts(PQconninfoParse(url.c_str(), &reason));
  // The reason may quote the password.
  PQfreemem(reason);
  if (!is_url(url) || !parts) {
    throw Error(
        "",
        "it is no PostgreSQL URL; write postgres://user:password@host:5432/database, with %XX for what "
        "is special in a URL");
  }
  std::string user, host, port, database;
  for (auto const* part = parts.get(); part->keyword != nullptr; ++part) {
    std::string_view const name = part->keyword;
    auto const value = part->val == nullptr ? "" : part->val;
    if (name == "user") user = value;
    if (name == "host") host = value;
    if (name == "port") port = value;
    if (name == "dbname") database = value;
  }
  return concat("postgres://", user, user.empty() ? "" : "@", host, port.empty() ? "" : ":", port, "/",
                database);
}

bool Error::is_lost() const noexcept {
  // 08: connection exceptions; 57P0x: the server ends, crashed, or cannot be connected to yet; 25P03: idle in
  // a transaction for too long.
  return sqlstate_.empty() || sqlstate_.starts_with("08") || sqlstate_.starts_with("57P") ||
         sqlstate_ == "25P03" ||
         // This server only reads now; another of the URL may write.
         sqlstate_ == "25006";
}

bool Error::is_silence() const noexcept {
  return sqlstate_ == no_answer;
}

bool Error::is_about_values() const noexcept {
  // 22: data exceptions; 23: violated constraints; 54: a limit of the program.
  return sqlstate_.starts_with("22") || sqlstate_.starts_with("23") || sqlstate_.starts_with("54");
}

Parameter::Parameter(std::int64_t number) : value_(8, '\0') {
  auto rest = static_cast<std::uint64_t>(number);
  for (auto byte = value_.rbegin(); byte != value_.rend(); ++byte, rest >>= 8U)
    *byte = static_cast<char>(rest & 0xffU);
}

Parameter::Parameter(std::vector<std::string> const& texts) : value_(array_of(texts)), is_binary_(false) {}

int Rows::count() const noexcept {
  return PQntuples(result_);
}

std::int64_t Rows::integer(int row, int column) const noexcept {
  std::uint64_t number = 0;
  if (PQgetlength(result_, row, column) != 8) return 0;
  for (std::string_view const bytes(PQgetvalue(result_, row, column), 8); char const byte : bytes)
    number = number << 8U | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(number);
}

std::string Rows::text(int row, int column) const {
  return {PQgetvalue(result_, row, column), static_cast<std::size_t>(PQgetlength(result_, row, column))};
}

Connection::Connection(Options const& options, std::span<Statement const> statements)
    : answer_timeout_(options.answer_timeout) {
  connect(options);
  PQsetNoticeProcessor(
      handle_.get(), [](void*, char const*) {}, nullptr);
  if (PQsetnonblocking(handle_.get(), 1) != 0 || PQenterPipelineMode(handle_.get()) != 1) lose();
  auto const settings = settings_of(options);
  for (std::size_t begin = 0; begin < settings.size();) {
    auto const end = std::min(settings.find("; ", begin), settings.size());
    send_sql(settings.substr(begin, end - begin));
    begin = end + 2;
  }
  for (auto const& [name, sql] : statements)
    sent(PQsendPrepare(handle_.get(), name, sql.c_str(), 0, nullptr), nullptr);
  flush();
}

void Connection::connect(Options const& options) {
  char const* const keywords[] = {"dbname", "client_encoding", "fallback_application_name", nullptr};
  char const* const values[] = {options.url.c_str(), "UTF8", "aerie-chat", nullptr};
  handle_.reset(PQconnectStartParams(keywords, values, 1));
  if (!handle_ || PQstatus(handle_.get()) == CONNECTION_BAD) lose();
  auto const deadline = std::chrono::steady_clock::now() + options.connect_timeout;
  for (auto state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK;) {
    if (state == PGRES_POLLING_FAILED) lose();
    wait(state == PGRES_POLLING_READING, state == PGRES_POLLING_WRITING, deadline);
    state = PQconnectPoll(handle_.get());
  }
}

void Connection::Finish::operator()(pg_conn* handle) const noexcept {
  PQfinish(handle);
}

void Connection::Clear::operator()(pg_result* result) const noexcept {
  PQclear(result);
}

void Connection::send(char const* statement, Parameters const& parameters, Take take) {
  std::vector<char const*> values;
  std::vector<int> lengths;
  std::vector<int> formats;
  for (auto const& parameter : parameters) {
    values.push_back(parameter.value().c_str());
    lengths.push_back(static_cast<int>(parameter.value().size()));
    formats.push_back(parameter.is_binary() ? 1 : 0);
  }
  sent(PQsendQueryPrepared(handle_.get(), statement, static_cast<int>(parameters.size()), values.data(),
                           lengths.data(), formats.data(), 1),
       std::move(take));
}

void Connection::send_sql(std::string const& sql, Take take) {
  sent(PQsendQueryParams(handle_.get(), sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1),
       std::move(take));
}

void Connection::sent(int accepted, Take take) {
  if (is_lost_ || accepted != 1) lose();
  expected_.push_back(std::move(take));
}

void Connection::flush() {
  if (is_lost_ || PQpipelineSync(handle_.get()) != 1) lose();
  std::string sqlstate;
  std::string message;
  bool failed = false;
  try {
    read_until_sync(std::chrono::steady_clock::now() + answer_timeout_, sqlstate, message, failed);
  } catch (...) {
    // Whatever it was, some answers are unread.
    is_lost_ = true;
    throw;
  }
  if (!failed) return;
  Error const error(sqlstate, message);
  if (error.is_lost()) is_lost_ = true;
  throw error;
}

void Connection::read_until_sync(Deadline deadline, std::string& sqlstate, std::string& message,
                                 bool& failed) {
  while (true) {
    auto const result = next_result(deadline);
    if (!result) {
      if (PQstatus(handle_.get()) == CONNECTION_BAD) lose();
      continue;
    }
    switch (PQresultStatus(result.get())) {
      case PGRES_PIPELINE_SYNC:
        expected_.clear();
        return;
      case PGRES_TUPLES_OK:
      case PGRES_COMMAND_OK: {
        auto const take = std::move(expected_.front());
        expected_.pop_front();
        if (take) take(Rows(result.get()));
        break;
      }
      case PGRES_PIPELINE_ABORTED:
        break;
      default:
        if (std::exchange(failed, true)) break;
        if (auto const* const state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE)) sqlstate = state;
        message = line_of(PQresultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY));
    }
    if (failed && PQstatus(handle_.get()) == CONNECTION_BAD) {
      throw Error(Error(sqlstate, message).is_lost() ? sqlstate : "", message);
    }
  }
}

Connection::Result Connection::next_result(Deadline deadline) {
  while (true) {
    auto const unsent = PQflush(handle_.get());
    if (unsent < 0) lose();
    if (PQisBusy(handle_.get()) == 0) return Result(PQgetResult(handle_.get()));
    wait(true, unsent == 1, deadline);
    if (PQconsumeInput(handle_.get()) != 1) lose();
  }
}

void Connection::wait(bool for_reading, bool for_writing, Deadline deadline) {
  while (true) {
    auto const left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) lose("it did not answer in time", no_answer);
    pollfd descriptor{PQsocket(handle_.get()), 0, 0};
    if (for_reading) descriptor.events |= POLLIN;
    if (for_writing) descriptor.events |= POLLOUT;
    auto const ready = ::poll(&descriptor, 1, static_cast<int>(left.count()));
    if (ready > 0) return;
    if (ready < 0 && errno != EINTR) lose("cannot wait for it");
  }
}

void Connection::lose() {
  lose(line_of(PQerrorMessage(handle_.get())));
}

void Connection::lose(std::string const& message, std::string sqlstate) {
  is_lost_ = true;
  throw Error(std::move(sqlstate), message);
}

}  // namespace chat::postgres
