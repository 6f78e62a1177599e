// says: aerie: settings are a struct with a `static void describe(aerie::Schema<T>& s)`
#include <aerie/gateway/gateways.hpp>

struct Config {
  int port = 3000;
};

auto config = aerie::read_config<Config>();
