// aerie-chat: the chat server.

#include "app.hpp"
#include "config.hpp"

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace {

void serve(chat::Config config) {
  chat::App app(std::move(config));
  // Flushed: who starts the program may wait for this line.
  std::cout << "aerie-chat listening on " << app.url() << std::endl;
  app.run();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    auto config = chat::read_config(argc, argv);
    if (auto const* const help = std::get_if<std::string>(&config)) {
      std::cout << *help;
    } else {
      serve(std::get<chat::Config>(std::move(config)));
    }
    return EXIT_SUCCESS;
  } catch (std::exception const& error) {
    std::string_view text = error.what();
    if (text.starts_with("aerie: ")) text.remove_prefix(7);
    std::cerr << "aerie-chat: " << text << '\n';
    return EXIT_FAILURE;
  }
}
