// Types of your own in messages, and handlers that wait.
#include "port.hpp"

#include <aerie/aerie.hpp>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace {

// A type says once how it is called on the wire; JSON, binary codecs and checks follow from it.
enum class Priority { low, high };

void describe(aerie::EnumSchema<Priority>& schema) {
  schema.value<Priority::low>().value<Priority::high>();
}

struct NewTodo {
  std::string title;
  Priority priority = Priority::low;
  std::optional<std::string> note;  // may be absent

  static void describe(aerie::Schema<NewTodo>& schema) {
    schema.field<&NewTodo::title>();
    schema.field<&NewTodo::priority>().optional();
    schema.field<&NewTodo::note>();
  }
};

struct Todo {
  std::int64_t id = 0;
  NewTodo content;
  aerie::Date created_at;

  static void describe(aerie::Schema<Todo>& schema) {
    schema.field<&Todo::id>();
    schema.field<&Todo::content>();
    schema.field<&Todo::created_at>("createdAt");
  }
};

// One shard is the default, and then handlers never run at the same time: nothing here needs a lock.
class TodoList {
 public:
  Todo add(aerie::Socket& socket, NewTodo const& content) {
    todos_.push_back({++last_id_, content, aerie::Date(std::chrono::system_clock::now())});
    socket.broadcast().emit("todo:added", todos_.back());
    return todos_.back();
  }
  std::vector<Todo> const& all() const { return todos_; }

  // Runs on a worker thread: files, databases and password hashes never hold up the shard. Capture by
  // reference; the task's variables live until the work is done.
  aerie::Task<std::size_t> save(std::string file) {
    auto const text = aerie::json::stringify(todos_);
    co_await aerie::run_blocking([&] { write(file, text); });
    co_return text.size();
  }

 private:
  static void write(std::string const& file, std::string const& text) {
    std::ofstream out(file);
    if (!(out << text)) throw std::runtime_error("cannot write " + file);
  }

  std::vector<Todo> todos_;
  std::int64_t last_id_ = 0;
};

// A handler that waits is a coroutine. Other messages are handled meanwhile; if the client leaves, the wait
// ends with an exception and nothing more happens.
aerie::Task<std::string> remind(std::int64_t milliseconds, std::string text) {
  co_await aerie::sleep_for(std::chrono::milliseconds(milliseconds));
  co_return "Remember: " + text;
}

}  // namespace

int main(int argc, char** argv) {
  TodoList todos;
  aerie::Server io;
  io.on("todo:add", &TodoList::add, todos);
  io.on("todo:list", [&todos] { return todos.all(); });
  io.on("todo:save", &TodoList::save, todos);
  io.on("remind", &remind);
  io.listen(example::port(argc, argv));
  std::cout << "listening on port " << io.port() << std::endl;
  io.run();
}
