#include "unit/gateway/application_fixture.hpp"

#include <aerie/gateway/ws_adapter.hpp>
#include <aerie/testing.hpp>

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace validation_shapes_cases {

using namespace aerie;
using test::ApplicationOnAClock;

struct Item {
  std::int64_t qty = 0;
  std::optional<std::string> note;
  static void describe(Schema<Item>& s) {
    s.field<&Item::qty>().minimum(1);
    s.field<&Item::note>();
  }
};

struct Other {
  std::string name;
  static void describe(Schema<Other>& s) { s.field<&Other::name>(); }
};

// An item with none of its own members is one of these, too.
struct Loose {
  std::optional<std::string> qty;
  std::optional<std::int64_t> limit;
  static void describe(Schema<Loose>& s) {
    s.field<&Loose::qty>();
    s.field<&Loose::limit>().maximum(5);
  }
};

using Tagged = std::variant<Item, Other>;
void describe(VariantSchema<Tagged>& v) {
  v.tag("kind").value<Item>("item").value<Other>("other");
}

using Untagged = std::variant<std::string, Other, Item, std::vector<Item>>;

/// A member of each shape: T within a struct within a vector.
template <class T>
struct Holder {
  T part;
  static void describe(Schema<Holder>& s) { s.template field<&Holder::part>("part"); }
};

/// One shape that a parameter may have: a message that breaks a rule, with what is said of it, and one that
/// keeps them but has a member `extra` that nobody has described.
struct Shape {
  std::string name;
  std::string bad;
  std::string complaint;
  std::string good;
  std::string whitelisted;
};

constexpr auto rule = "qty must not be less than 1";
constexpr auto bad_item = R"({"qty":0})";
constexpr auto good_item = R"({"qty":2,"extra":1})";
constexpr auto clean_item = R"({"qty":2})";

/// A shape that puts the item between two texts.
Shape around(std::string name, std::string const& before, std::string const& after, std::string const& path) {
  return {std::move(name), before + bad_item + after, path + rule, before + good_item + after,
          before + clean_item + after};
}

template <class T>
struct Of {
  using Type = T;
};

/// Calls `f(Of<T>(), shape)` for each shape.
template <class F>
void each_shape(F&& f) {
  f(Of<Item>(), around("struct", "", "", ""));
  f(Of<std::vector<Item>>(), around("vector", "[", "]", "0."));
  f(Of<std::list<Item>>(), around("list", R"([{"qty":1},)", "]", "1."));
  f(Of<std::deque<Item>>(), around("deque", "[", "]", "0."));
  f(Of<std::array<Item, 2>>(), around("array", R"([{"qty":1},)", "]", "1."));
  f(Of<std::optional<Item>>(), around("optional", "", "", ""));
  f(Of<std::optional<std::vector<Item>>>(), around("optional_vector", "[", "]", "0."));
  f(Of<std::vector<std::optional<Item>>>(), around("vector_optional", "[null,", "]", "1."));
  f(Of<std::vector<std::vector<Item>>>(), around("grid", "[[],[", "]]", "1.0."));
  f(Of<std::map<std::string, Item>>(), around("map", R"({"a":)", "}", "a."));
  f(Of<std::unordered_map<std::string, std::vector<Item>>>(), around("lists", R"({"a":[)", "]}", "a.0."));
  f(Of<std::vector<std::map<std::string, Item>>>(), around("maps", R"([{"a":)", "}]", "0.a."));
  f(Of<std::pair<std::string, Item>>(), around("pair", R"(["a",)", "]", "1."));
  f(Of<std::tuple<int, std::vector<Item>, bool>>(), around("tuple", "[1,[", "],true]", "1.0."));
  f(Of<Untagged>(), around("untagged", "", "", ""));
  f(Of<Untagged>(), around("untagged_list", "[", "]", "0."));
  f(Of<std::optional<Untagged>>(), around("untagged_optional", "", "", ""));
  f(Of<std::vector<std::variant<std::nullptr_t, Item>>>(), around("untagged_items", "[null,", "]", "1."));
  f(Of<std::vector<std::pair<std::string, std::variant<Other, Item>>>>(),
    around("deep", R"([["a",)", "]]", "0.1."));
  f(Of<Tagged>(), Shape{"tagged", R"({"kind":"item","qty":0})", rule, R"({"kind":"item","qty":2,"extra":1})",
                        R"({"kind":"item","qty":2})"});
  f(Of<std::vector<Tagged>>(),
    Shape{"tagged_items", R"([{"kind":"item","qty":0}])", std::string("0.") + rule,
          R"([{"kind":"item","qty":2,"extra":1}])", R"([{"kind":"item","qty":2}])"});
}

std::vector<Shape> all_shapes() {
  std::vector<Shape> shapes;
  each_shape([&](auto, Shape shape) { shapes.push_back(std::move(shape)); });
  return shapes;
}

struct Calls {
  int count = 0;
};

/// What `Custom` parameters are taken from.
struct FromPayload {
  static Value extract(ExecutionContext& context) { return context.payload(); }
};

/// The plain value, of which the type is decoded as well.
template <class T>
Value plain_of(Payload<T> const& payload) {
  static_cast<void>(payload.value());
  return payload.plain();
}

class Handlers {
 public:
  explicit Handlers(Calls& calls) : calls_(calls) {}

  template <class T>
  void take(T const&) {
    ++calls_.count;
  }
  template <class T>
  Value take_plain(Payload<T> const& payload) {
    return plain_of(payload);
  }
  template <class T>
  void take_body(Body<"part", T> const&) {
    ++calls_.count;
  }
  template <class T>
  void take_custom(Custom<FromPayload, T> const&) {
    ++calls_.count;
  }
  template <class T>
  void take_arguments(Arguments<std::int64_t, T> const&) {
    ++calls_.count;
  }

 private:
  Calls& calls_;
};

template <auto Member, class Builder>
void add(Builder& builder, std::string const& name) {
  if constexpr (requires { builder.template on<Member>(name); }) {
    builder.template on<Member>(name);
  } else {
    builder.template post<Member>(name);
  }
}

template <class G, class Builder>
void add_all(Builder& builder) {
  each_shape([&]<class T>(Of<T>, Shape const& shape) {
    add<&G::template take<T>>(builder, shape.name);
    add<&G::template take_plain<T>>(builder, shape.name + "-plain");
    add<&G::template take_body<T>>(builder, shape.name + "-body");
    add<&G::template take_custom<T>>(builder, shape.name + "-custom");
    add<&G::template take<Holder<T>>>(builder, shape.name + "-member");
  });
}

class ShapesGateway : public Handlers {
 public:
  using Handlers::Handlers;
  static void describe(Gateway<ShapesGateway>& g) {
    add_all<ShapesGateway>(g);
    each_shape([&]<class T>(Of<T>, Shape const& shape) {
      g.on<&ShapesGateway::template take_arguments<T>>(shape.name + "-arguments");
    });
    g.on<&ShapesGateway::take_plain<std::variant<Loose, Item>>>("loose");
  }
};

class ShapesController : public Handlers {
 public:
  using Handlers::Handlers;
  static void describe(Controller<ShapesController>& c) { add_all<ShapesController>(c); }
};

struct ShapesModule {
  static void describe(Module& m) {
    m.provides<Calls>().gateways<ShapesGateway>().controllers<ShapesController>();
  }
};

ValidationPipeOptions const options{.whitelist = true, .transform = true, .validate_custom = true};

std::string refused(std::string const& text) {
  return R"({"status":"error","code":"VALIDATION_FAILED","message":[")" + text + R"("]})";
}

/// What each source makes of a payload, and of a path into it.
struct Source {
  std::string name;
  std::string before;
  std::string after;
  std::string path;
};
std::vector<Source> const sources{
    {"", "", "", ""},
    {"-plain", "", "", ""},
    {"-body", R"({"part":)", "}", ""},
    {"-custom", "", "", ""},
    {"-member", R"({"part":)", "}", "part."},
};

TEST(ValidationShapes, AreAllCheckedInGateways) {
  ApplicationOnAClock<ShapesModule> server;
  server.app.use<ValidationPipe>(options);
  auto client = server.client();
  for (auto const& shape : all_shapes()) {
    for (auto const& [name, before, after, path] : sources) {
      client.send("2[\"" + shape.name + name + "\"," + before + shape.bad + after + "]");
      EXPECT_EQ(client.take_text(), "2[\"exception\"," + refused(path + shape.complaint) + "]") << shape.name;
    }
    client.send("2[\"" + shape.name + "-arguments\",7," + shape.bad + "]");
    EXPECT_EQ(client.take_text(), "2[\"exception\"," + refused("1." + shape.complaint) + "]") << shape.name;
    EXPECT_EQ(server.app.get<Calls>().count, 0) << shape.name;
    client.send("21[\"" + shape.name + "-plain\"," + shape.good + "]");
    EXPECT_EQ(client.take_text(), "31[" + shape.whitelisted + "]") << shape.name;
    client.send("2[\"" + shape.name + "-arguments\",7," + shape.good + "]");
    client.send("2[\"" + shape.name + "-member\",{\"part\":" + shape.good + "}]");
    EXPECT_EQ(client.take_text(), "") << shape.name;
    EXPECT_EQ(std::exchange(server.app.get<Calls>().count, 0), 2) << shape.name;
  }
}

TEST(ValidationShapes, AreAllCheckedOnPlainWebSockets) {
  auto app = aerie::testing::create<ShapesModule>()
                 .configure([&](Application& made) {
                   made.use_websocket_adapter<WsAdapter>();
                   made.use<ValidationPipe>(options);
                 })
                 .start();
  auto client = app.connect_websocket("/");
  auto const ask = [&](std::string const& event, std::string const& data) {
    client.forget_received();
    client.send_text(R"({"event":")" + event + R"(","data":)" + data + "}");
    auto const received = client.received();
    return received.empty() ? std::string() : received.front();
  };
  for (auto const& shape : all_shapes()) {
    for (auto const& [name, before, after, path] : sources) {
      EXPECT_EQ(ask(shape.name + name, before + shape.bad + after),
                R"({"event":"exception","data":)" + refused(path + shape.complaint) + "}")
          << shape.name;
    }
    EXPECT_EQ(ask(shape.name + "-plain", shape.good), shape.whitelisted) << shape.name;
    EXPECT_EQ(app.get<Calls>().count, 0) << shape.name;
  }
}

TEST(ValidationShapes, AreAllCheckedInControllers) {
  ApplicationOnAClock<ShapesModule> server;
  server.app.use<ValidationPipe>(options);
  for (auto const& shape : all_shapes()) {
    for (auto const& [name, before, after, path] : sources) {
      auto const answer = server.post("/" + shape.name + name, before + shape.bad + after);
      EXPECT_EQ(answer.body,
                R"({"message":[")" + path + shape.complaint + R"("],"error":"Bad Request","statusCode":400})")
          << shape.name;
    }
    EXPECT_EQ(server.post("/" + shape.name + "-plain", shape.good).body, shape.whitelisted) << shape.name;
    EXPECT_EQ(server.app.get<Calls>().count, 0) << shape.name;
  }
}

TEST(ValidationShapes, AValueIsCheckedAsTheAlternativeThatItIsReadAsInTheEnd) {
  ApplicationOnAClock<ShapesModule> server;
  server.app.use<ValidationPipe>(options);
  auto client = server.client();
  // A number is no Loose::qty, so it is an Item; without `limit` it still is.
  client.send(R"(21["loose",{"qty":3,"limit":9}])");
  EXPECT_EQ(client.take_text(), R"(31[{"qty":3}])");
  client.send(R"(2["loose",{"qty":0,"limit":9}])");
  EXPECT_EQ(client.take_text(), "2[\"exception\"," + refused(rule) + "]");
  client.send(R"(2["loose",{"limit":9}])");
  EXPECT_EQ(client.take_text(), "2[\"exception\"," + refused("limit must not be greater than 5") + "]");
}

}  // namespace validation_shapes_cases
