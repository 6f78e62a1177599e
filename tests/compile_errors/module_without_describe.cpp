// says: aerie: a module has a `static void describe(aerie::Module& m)`
#include <aerie/gateway/gateways.hpp>

struct ChatModule {};

auto app = aerie::Application::create<ChatModule>();
