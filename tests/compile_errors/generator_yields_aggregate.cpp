// says: aerie: g++ before 13 destroys a temporary of an aggregate twice where it is yielded
// only with: g++ before 13
#include <aerie/core/generator.hpp>

#include <string>

struct Note {
  std::string text;
  int number = 0;
};

aerie::Generator<Note> notes(std::string text) {
  co_yield Note{text, 1};
}
