#include "unit/contract/shop.hpp"

#include <aerie/contract/contract.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace contract_typescript_cases {

using namespace aerie;

std::string const& typescript() {
  static std::string const text = contract::to_typescript(contract_of<contract_shop::ShopModule>());
  return text;
}

/// What is between the braces of a declaration.
std::string body_of(std::string const& declaration) {
  auto const begin = typescript().find("export interface " + declaration + " {\n");
  if (begin == std::string::npos) return "there is no " + declaration;
  return typescript().substr(begin, typescript().find("\n}\n", begin) - begin + 3);
}

struct Line {
  char const* where;
  char const* line;
};

void PrintTo(Line const& line, std::ostream* out) {
  *out << line.where << ": " << line.line;
}

class TypescriptLine : public ::testing::TestWithParam<Line> {};

TEST_P(TypescriptLine, IsThere) {
  auto const body = body_of(GetParam().where);
  EXPECT_NE(body.find(std::string(GetParam().line) + "\n"), std::string::npos) << body;
}

// Every shape, in the direction to the client and in that to the server.
INSTANTIATE_TEST_SUITE_P(
    Shapes, TypescriptLine,
    ::testing::Values(Line{"Shapes", "  boolean: boolean;"}, Line{"Shapes", "  byte: number;"},
                      Line{"Shapes", "  number: number;"}, Line{"Shapes", "  list: (number | null)[];"},
                      Line{"Shapes", "  pair: [number, string];"},
                      Line{"Shapes", "  \"by-name\": Record<string, ContractShopItem>;"},
                      Line{"Shapes", "  payment: ({ kind: \"card\" } & Card) | ({ kind: \"cash\" } & Cash);"},
                      Line{"Shapes", "  either: number | string;"}, Line{"Shapes", "  any?: unknown;"},
                      Line{"Shapes", "  digits: string;"}, Line{"ShapesInput", "  digits: string | number;"},
                      Line{"Shapes", "  duration: number;"},
                      Line{"ShapesInput", "  duration: number | string;"},
                      Line{"Shapes", "  choice: \"a\" | \"b\";"}, Line{"Shapes", "  sizes: Size[];"},
                      Line{"Order", "  ordered: string;"}, Line{"OrderInput", "  ordered: string | Date;"},
                      Line{"Order", "  note?: string;"}, Line{"OrderInput", "  note?: string | null;"},
                      Line{"Order", "  picture: ArrayBuffer | Uint8Array;"},
                      Line{"OrderInput", "  picture: ArrayBuffer | ArrayBufferView;"},
                      Line{"Order", "  pieces: number;"}, Line{"OrderInput", "  pieces?: number | null;"},
                      Line{"Tree", "  children: Tree[];"}, Line{"Refusal", "  ok: false;"},
                      Line{"OtherItem", "  isOther: boolean;"}));

INSTANTIATE_TEST_SUITE_P(Comments, TypescriptLine,
                         ::testing::Values(Line{"OrderInput", "  /** @maxLength 200 */"},
                                           Line{"OrderInput", "   * @minimum 1"},
                                           Line{"ContractShopItem", "   * As it stands *\\/ on the label."},
                                           Line{"ServerToClientEvents", "  /** Somebody has ordered. */"},
                                           Line{"ClientToServerEvents", "  /** Orders something. */"}));

INSTANTIATE_TEST_SUITE_P(
    Events, TypescriptLine,
    ::testing::Values(
        Line{"ClientToServerEvents",
             "  order: (payload: OrderInput, ack: (answer: Order | Refusal) => void) => void;"},
        Line{"ClientToServerEvents",
             "  look: (payload: { id: number; deep?: boolean | null }, ack: (answer: ContractShopItem | null "
             "| "
             "Refusal) => void) => void;"},
        Line{"ClientToServerEvents",
             "  call: (payload: string, ack: (answer1: ContractShopItem | Refusal, answer2: number) => void) "
             "=> void;"},
        Line{"ClientToServerEvents",
             "  twice: (payload1: string, payload2: number | null, ack: (answer: ContractShopItem | Refusal) "
             "=> void) "
             "=> void;"},
        Line{"ClientToServerEvents", "  parts: (payload: ContractShopItem & ({ extra: number })) => void;"},
        Line{"ClientToServerEvents", "  raw: (...args: any[]) => void;"},
        Line{"ClientToServerEvents",
             "  dynamic: (payload: unknown, ack?: (...answer: any[]) => void) => void;"},
        Line{"ClientToServerEvents",
             "  told: (payload: unknown, ack: (answer: ContractShopItem | Refusal) => void) => void;"},
        Line{"ClientToServerEvents", "  stream: () => void;"},
        // Of two gateways in one namespace.
        Line{"ClientToServerEvents",
             "  \"wave at\": (payload: Tree, ack: (answer: OtherItem | WsError) => void) => void;"},
        Line{"ServerToClientEvents", "  ordered: (payload: Order | ContractShopItem) => void;"},
        Line{"ServerToClientEvents", "  closing: () => void;"},
        Line{"ServerToClientEvents", "  priced: (payload1: ContractShopItem, payload2: number) => void;"},
        Line{"ServerToClientEvents", "  really: (payload: string, ack: (answer: boolean) => void) => void;"},
        Line{"ServerToClientEvents", "  exception: (payload: WsError) => void;"},
        Line{"RoomClientToServerEvents", "  say: (payload: string, ack: (answer: number) => void) => void;"},
        Line{"ShopNewsServerToClientEvents", "  news: (payload: OtherItem) => void;"},
        Line{"Namespaces", "  \"^/rooms/(?P<room>\\\\d+)$\": {"}));

INSTANTIATE_TEST_SUITE_P(Routes, TypescriptLine,
                         ::testing::Values(Line{"Routes", "    query: Search & { page?: number | null };"},
                                           Line{"Routes", "    params: { id: number };"},
                                           Line{"Routes", "    headers: { \"x-trace\"?: string | null };"},
                                           Line{"Routes", "    body: OrderInput;"},
                                           Line{"Routes", "    form: FormData;"},
                                           Line{"Routes", "    events: ContractShopItem;"},
                                           Line{"Routes", "    error: Refusal;"},
                                           Line{"Routes", "  \"DELETE /items/:id\": {"}));

TEST(Typescript, HasTheErrorCodesAndTheAuthOfANamespace) {
  EXPECT_NE(typescript().find("export type ErrorCodes = ShopError | \"CLOSED\";\n"), std::string::npos);
  EXPECT_NE(typescript().find("export type HandshakeAuth = Token;\n"), std::string::npos);
  EXPECT_NE(typescript().find("export type Size = \"small\" | \"LARGE\";\n"), std::string::npos);
}

TEST(Typescript, SaysHowItIsMadeAnew) {
  contract::DocumentInfo info;
  info.command = "shop --emit-typescript FILE";
  auto const text = contract::to_typescript({}, info);
  EXPECT_NE(text.find("//     shop --emit-typescript FILE\n"), std::string::npos) << text;
}

// --- The hash

struct Before {
  static void describe(Module& m) { m.gateways<contract_shop::NewsGateway>(); }
};
class TalkativeNews {
 public:
  static void describe(Gateway<TalkativeNews>& g) {
    g.at("/shop-news").description("In other words.").emits<contract_shop::other::Item>("news", "The news.");
  }
};
struct InOtherWords {
  static void describe(Module& m) { m.gateways<TalkativeNews>(); }
};
class OtherNews {
 public:
  static void describe(Gateway<OtherNews>& g) { g.at("/shop-news").emits<contract_shop::Tree>("news"); }
};
struct Changed {
  static void describe(Module& m) { m.gateways<OtherNews>(); }
};

TEST(ContractHash, ChangesWithTheContractButNotWithItsWords) {
  auto const hash = contract::hash_of(contract_of<Before>());
  EXPECT_EQ(hash.size(), 16U);
  EXPECT_EQ(contract::hash_of(contract_of<InOtherWords>()), hash);
  EXPECT_NE(contract::hash_of(contract_of<Changed>()), hash);
  auto const line = "export const contractHash = \"" + hash + "\";\n";
  EXPECT_NE(contract::to_typescript(contract_of<Before>()).find(line), std::string::npos);
}

}  // namespace contract_typescript_cases
