#!/usr/bin/env python3
"""Writes a program of 10 gateways with 80 handlers and 80 DTOs, all different, to the standard output.

It is what a large application in a single translation unit would be; `measure` compiles it.
"""

GATEWAYS = 10
HANDLERS = 8

print("#include <aerie/gateway/gateways.hpp>\n")
for g in range(GATEWAYS):
    for h in range(HANDLERS):
        print(f"""struct Request{g}_{h} {{
  std::int64_t chat_room_id = 0;
  std::string content;
  std::optional<std::string> nickname;
  std::vector<std::string> tags;
  static void describe(aerie::Schema<Request{g}_{h}>& s) {{
    s.field<&Request{g}_{h}::chat_room_id>("chatRoomId").minimum({h + 1});
    s.field<&Request{g}_{h}::content>().length(1, {100 + g});
    s.field<&Request{g}_{h}::nickname>().length(1, 32);
    s.field<&Request{g}_{h}::tags>();
  }}
}};""")
    print(f"struct Service{g} {{ std::int64_t calls = 0; }};")
    print(f"class Gateway{g} {{\n public:\n  explicit Gateway{g}(Service{g}& service) : service_(service) {{}}")
    print(f"  static void describe(aerie::Gateway<Gateway{g}>& g) {{\n    g.at(\"/gateway{g}\");")
    for h in range(HANDLERS):
        print(f"    g.on<&Gateway{g}::handler{h}>(\"event{h}\");")
    print("  }\n\n private:")
    for h in range(HANDLERS):
        # All the usual shapes of handlers.
        shapes = [
            f"Request{g}_{h} handler{h}(Request{g}_{h} const& request) {{ ++service_.calls; return request; }}",
            f"aerie::Task<std::string> handler{h}(aerie::Socket& socket, Request{g}_{h} const& request) "
            f"{{ socket.join(request.content); co_return request.content; }}",
            f"aerie::Event<Request{g}_{h}> handler{h}(Request{g}_{h} const& request) "
            f"{{ return {{\"event\", request}}; }}",
            f"void handler{h}(aerie::Socket& socket, Request{g}_{h} const& request) "
            f"{{ socket.to(request.content).emit(\"event\", request); }}",
        ]
        print("  " + shapes[h % len(shapes)])
    print(f"  Service{g}& service_;\n}};")

print("struct AppModule {\n  static void describe(aerie::Module& m) {")
for g in range(GATEWAYS):
    print(f"    m.provides<Service{g}>().gateways<Gateway{g}>();")
print("""  }
};

int main() {
  auto app = aerie::Application::create<AppModule>();
  app.listen(3000);
  app.run();
}""")
