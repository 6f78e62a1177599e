// The conformance fixture on Aerie's public API; ../FIXTURE.md says what it serves.
#include "fixture.hpp"
#include "options.hpp"

#include <exception>
#include <iostream>
#include <utility>

int main(int argc, char** argv) {
  conformance::Options options;
  if (auto const exit_code = conformance::parse(argc, argv, options)) return *exit_code;
  try {
    conformance::Fixture(std::move(options)).run();
  } catch (std::exception const& error) {
    std::cerr << error.what() << std::endl;
    return 2;
  }
}
