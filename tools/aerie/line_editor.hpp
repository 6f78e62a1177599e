#pragma once

/// \file
/// A line that somebody types at a terminal, with a history and completion: bytes in, what is to be shown
/// out. It touches no terminal itself.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::cli {

class LineEditor {
 public:
  /// What the word before the cursor may become; in the order in which they are shown.
  using Complete = std::function<std::vector<std::string>(std::string_view word)>;
  enum class Happened : unsigned char {
    nothing,
    line,  ///< `take_line` has it
    end,   ///< control D on an empty line, or control C
  };

  /// `columns` of the terminal: of a longer line a part is shown.
  LineEditor(std::string prompt, std::vector<std::string> history, Complete complete,
             std::size_t columns = 80);

  /// Takes what was typed, byte by byte, and appends to `screen` what is to be written.
  Happened take(char byte, std::string& screen);
  /// What was entered; it is in the history.
  std::string take_line();
  /// The lines so far, the latest one last.
  std::vector<std::string> const& history() const noexcept { return history_; }

  /// Before something else is written, and after it.
  void hide(std::string& screen) const;
  void show(std::string& screen) const;

 private:
  void key(std::string_view sequence, std::string& screen);
  void insert(char byte);
  void erase(std::size_t begin, std::size_t end);
  std::size_t before(std::size_t place) const noexcept;
  std::size_t behind(std::size_t place) const noexcept;
  std::size_t word_before(std::size_t place) const noexcept;
  void recall(std::size_t place);
  void complete(std::string& screen);

  std::string const prompt_;
  std::vector<std::string> history_;
  Complete const complete_;
  std::size_t const columns_;
  std::string line_;
  std::size_t cursor_ = 0;  // bytes
  std::size_t recalled_;    // place in the history; behind it: what is typed now
  std::string typed_;       // meanwhile
  std::string sequence_;    // of a key that is more than one byte
};

}  // namespace aerie::cli
