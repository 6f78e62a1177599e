#pragma once

/// \file
/// An application with a bit of everything that a contract can tell of. None of it is ever run.

#include <aerie/contract/contract.hpp>
#include <aerie/gateway/gateways.hpp>
#include <aerie/schema/duration.hpp>
#include <aerie/schema/integer_text.hpp>
#include <aerie/schema/variant.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

namespace contract_shop {

using namespace aerie;

[[noreturn]] inline void never() {
  throw std::logic_error("a contract runs no handler");
}

enum class Size { small, large };
inline void describe(EnumSchema<Size>& e) {
  e.value<Size::small>().value<Size::large>("LARGE").description("How much of it.");
}

enum class ShopError { empty, sold_out };
inline void describe(EnumSchema<ShopError>& e) {
  e.value<ShopError::empty>("EMPTY").value<ShopError::sold_out>("SOLD_OUT");
}

struct Item {
  std::int64_t id = 0;
  std::string name;
  Size size = Size::small;

  static void describe(Schema<Item>& s) {
    s.description("What is sold.");
    s.field<&Item::id>();
    s.field<&Item::name>().description("As it stands */ on the label.").length(1, 20);
    s.field<&Item::size>();
  }
};

/// Goes both ways, and is not the same in both.
struct Order {
  Item item;
  Date ordered;
  std::optional<std::string> note;
  Bytes picture;
  std::int64_t pieces = 1;

  static void describe(Schema<Order>& s) {
    s.field<&Order::item>();
    s.field<&Order::ordered>();
    s.field<&Order::note>().max_length(200);
    s.field<&Order::picture>();
    s.field<&Order::pieces>().optional().minimum(1).maximum(99);
  }
};

struct Card {
  std::string number;
  static void describe(Schema<Card>& s) { s.field<&Card::number>().matches("^[0-9/]+$"); }
};
struct Cash {
  double amount = 0;
  static void describe(Schema<Cash>& s) { s.field<&Cash::amount>().is_positive(); }
};
using Payment = std::variant<Card, Cash>;
inline void describe(VariantSchema<Payment>& v) {
  v.tag("kind").value<Card>("card").value<Cash>("cash");
}

/// Every shape there is.
struct Shapes {
  bool boolean = false;
  std::uint8_t byte = 0;
  std::int32_t integer = 0;
  float number = 0;
  std::vector<std::optional<int>> list;
  std::tuple<int, std::string> pair;
  std::map<std::string, Item> map;
  Payment payment;
  std::variant<int, std::string> either;
  Value any;
  IntegerText<std::int64_t> digits;
  std::chrono::milliseconds duration{};
  std::string choice;
  std::vector<Size> sizes;

  static void describe(Schema<Shapes>& s) {
    s.field<&Shapes::boolean>();
    s.field<&Shapes::byte>();
    s.field<&Shapes::integer>();
    s.field<&Shapes::number>();
    s.field<&Shapes::list>().array_max_size(3);
    s.field<&Shapes::pair>();
    s.field<&Shapes::map>("by-name");
    s.field<&Shapes::payment>();
    s.field<&Shapes::either>();
    s.field<&Shapes::any>();
    s.field<&Shapes::digits>();
    s.field<&Shapes::duration>();
    s.field<&Shapes::choice>().one_of({"a", "b"});
    s.field<&Shapes::sizes>();
  }
};

namespace other {
/// Called as another one is.
struct Item {
  bool is_other = true;
  static void describe(Schema<Item>& s) { s.field<&Item::is_other>("isOther"); }
};
}  // namespace other

/// Holds itself.
struct Tree {
  std::string name;
  std::vector<Tree> children;
  static void describe(Schema<Tree>& s);
};
inline void Tree::describe(Schema<Tree>& s) {
  s.field<&Tree::name>();
  s.field<&Tree::children>();
}

struct Token {
  std::string token;
  static void describe(Schema<Token>& s) { s.field<&Token::token>(); }
};

struct Refusal {
  bool ok = false;
  ShopError code = ShopError::empty;
  static void describe(Schema<Refusal>& s) {
    s.field<&Refusal::ok>().equals(false);
    s.field<&Refusal::code>();
  }
};

class ShopGateway {
 public:
  // It needs what nobody provides: a contract builds nothing.
  ShopGateway(Namespace&, Tree&) {}

  static void describe(Gateway<ShopGateway>& g) {
    g.description("The counter.").auth<Token>().error_codes<ShopError>().error_codes({"CLOSED"});
    g.refuses_with<Refusal>();
    g.on<&ShopGateway::order>("order").description("Orders something.");
    g.on<&ShopGateway::look>("look");
    g.on<&ShopGateway::wave>("wave at");
    g.on<&ShopGateway::call>("call");
    g.on<&ShopGateway::twice>("twice");
    g.on<&ShopGateway::parts>("parts");
    g.on<&ShopGateway::raw>("raw");
    g.on<&ShopGateway::dynamic>("dynamic");
    g.on<&ShopGateway::dynamic>("told").acknowledges<Item>();
    g.on<&ShopGateway::stream>("stream");
    g.on<&ShopGateway::shapes>("shapes");
    g.emits<Order>("ordered", "Somebody has ordered.").emits<>("closing").emits<Item, int>("priced");
    g.asks<bool, std::string>("really");
  }

 private:
  Task<Order> order(Socket&, Order const&) { never(); }
  std::optional<Item> look(Body<"id", std::int64_t>, Body<"deep", std::optional<bool>>) { never(); }
  void wave() { never(); }
  void call(Ack<Item, int>, std::string const&) { never(); }
  Item twice(Arguments<std::string, std::optional<int>> const&) { never(); }
  void parts(Payload<Item> const&, Body<"extra", int>) { never(); }
  void raw(Args const&) { never(); }
  DynamicReply dynamic(Value const&) { never(); }
  Generator<aerie::Event<Item>> stream() { never(); }
  Shapes shapes(Shapes const&) { never(); }
};

/// A second gateway of that namespace.
class CellarGateway {
 public:
  static void describe(Gateway<CellarGateway>& g) {
    g.answer_errors().on<&CellarGateway::wave>("wave at");
    g.emits<Item>("ordered");
  }

 private:
  other::Item wave(Tree const&) { never(); }
};

class RoomGateway {
 public:
  static void describe(Gateway<RoomGateway>& g) {
    g.matching("^/rooms/(?P<room>\\d+)$");
    g.on<&RoomGateway::say>("say");
  }

 private:
  int say(Param<"room", std::int64_t>, std::string const&) { never(); }
};

class NewsGateway {
 public:
  static void describe(Gateway<NewsGateway>& g) { g.at("/shop-news").emits<other::Item>("news"); }
};

struct Search {
  std::optional<std::string> text;
  Size size = Size::small;
  static void describe(Schema<Search>& s) {
    s.field<&Search::text>();
    s.field<&Search::size>();
  }
};

class ItemsController {
 public:
  static void describe(Controller<ItemsController>& c) {
    c.at("/items").refuses_with<Refusal>();
    c.get<&ItemsController::all>().description("Those that fit.");
    c.get<&ItemsController::one>(":id/of/:shelf");
    c.post<&ItemsController::add>();
    c.del<&ItemsController::remove>(":id").http_code(204);
    c.post<&ItemsController::picture>(":id/picture");
    c.sse<&ItemsController::watch>("watch");
    c.get<&ItemsController::page>("page").returns<std::string>();
  }

 private:
  Task<std::vector<Item>> all(Query<"", Search>, Query<"page", std::optional<int>>) { never(); }
  Item one(Param<"id", std::int64_t>, Header<"x-trace">) { never(); }
  Order add(Order const&) { never(); }
  void remove(Param<"id", std::int64_t>) { never(); }
  int picture(Param<"id", std::int64_t>, File<"picture">) { never(); }
  Generator<Item> watch() { never(); }
  http::Response page() { never(); }
};

struct ShopModule {
  static void describe(Module& m) {
    m.gateways<ShopGateway, CellarGateway, RoomGateway, NewsGateway>().controllers<ItemsController>();
  }
};

}  // namespace contract_shop
