// says: aerie: g++ before 13 destroys a temporary of an aggregate twice where it is awaited
// only with: g++ before 13
#include <aerie/aerie.hpp>

#include <string>

struct Note {
  std::string text;
  int number = 0;
  static void describe(aerie::Schema<Note>& s) {
    s.field<&Note::text>();
    s.field<&Note::number>();
  }
};

aerie::Task<void> ask(aerie::Socket& socket, std::string text) {
  // coroutine-safe: it does not compile
  co_await socket.emit_with_ack("question", Note{text, 1});
}
