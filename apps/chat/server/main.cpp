// aerie-chat: the chat server.

#include "app.hpp"
#include "app_module.hpp"
#include "config.hpp"

#include <aerie/contract/emit.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <variant>

namespace {

void serve(aerie::ConfigOptions const& settings) {
  chat::App app(settings);
  // Flushed: who starts the program may wait for this line.
  std::cout << "aerie-chat listening on " << app.url() << std::endl;
  app.run();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (auto const status = aerie::emit_contract<chat::AppModule>(argc, argv)) return *status;
    auto const settings = chat::read_command_line(argc, argv);
    if (auto const* const help = std::get_if<std::string>(&settings)) {
      std::cout << *help;
    } else {
      serve(std::get<aerie::ConfigOptions>(settings));
    }
    return EXIT_SUCCESS;
  } catch (std::exception const& error) {
    std::string_view text = error.what();
    if (text.starts_with("aerie: ")) text.remove_prefix(7);
    std::cerr << "aerie-chat: " << text << '\n';
    return EXIT_FAILURE;
  }
}
