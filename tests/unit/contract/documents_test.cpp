// AsyncAPI and OpenAPI as documents; whether they are valid is for the official validators to say
// (tests/contract).
#include "unit/contract/shop.hpp"

#include <aerie/contract/contract.hpp>
#include <aerie/schema/codec.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace contract_document_cases {

using namespace aerie;

Value parsed(std::string const& text) {
  Value document;
  EXPECT_TRUE(json::parse(text, document).ok());
  return document;
}

Value const& asyncapi() {
  static Value const document = parsed(contract::to_asyncapi(contract_of<contract_shop::ShopModule>()));
  return document;
}

Value const& openapi() {
  static Value const document = parsed(contract::to_openapi(contract_of<contract_shop::ShopModule>()));
  return document;
}

/// What is at a JSON pointer (RFC 6901).
Value at(Value const& document, std::string_view pointer) {
  Value const* place = &document;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    std::string key(pointer.substr(0, pointer.find('/')));
    pointer.remove_prefix(key.size());
    for (auto found = key.find("~1"); found != key.npos; found = key.find("~1"))
      key.replace(found, 2, "/");
    bool const is_index = place->is_array();
    place = is_index ? &(*place)[std::stoul(key)] : &(*place)[key];
  }
  return *place;
}

struct Place {
  char const* pointer;
  char const* json;
};

void PrintTo(Place const& place, std::ostream* out) {
  *out << place.pointer;
}

class AsyncApiPlace : public ::testing::TestWithParam<Place> {};
TEST_P(AsyncApiPlace, Says) {
  EXPECT_EQ(json::stringify(at(asyncapi(), GetParam().pointer)), GetParam().json);
}

INSTANTIATE_TEST_SUITE_P(
    Channels, AsyncApiPlace,
    ::testing::Values(
        Place{"/asyncapi", R"("3.0.0")"}, Place{"/channels/Main/address", R"("/")"},
        Place{"/channels/Room/address", "null"},
        Place{"/channels/Room/x-pattern", R"("^/rooms/(?P<room>\\d+)$")"},
        Place{"/channels/ShopNews/address", R"("/shop-news")"},
        Place{"/channels/Main/x-error-codes", R"(["EMPTY","SOLD_OUT","CLOSED"])"},
        Place{"/channels/Main/x-auth/$ref", R"("#/components/schemas/Token")"},
        Place{
            "/channels/Main/messages/order/payload",
            R"({"type":"array","prefixItems":[{"$ref":"#/components/schemas/OrderInput"}],"minItems":1,"maxItems":1})"},
        Place{"/channels/Main/messages/wave_at/name", R"("wave at")"},
        Place{"/channels/Main/messages/closing/payload", R"({"type":"array","minItems":0,"maxItems":0})"},
        Place{
            "/channels/Main/messages/order.ack/payload/prefixItems",
            R"([{"anyOf":[{"$ref":"#/components/schemas/Order"},{"$ref":"#/components/schemas/Refusal"}]}])"},
        Place{"/operations/Main.receive.order/action", R"("receive")"},
        Place{"/operations/Main.receive.order/reply/messages",
              R"([{"$ref":"#/channels/Main/messages/order.ack"}])"},
        Place{"/operations/Main.receive.stream/reply", "null"},
        Place{"/operations/Main.send.ordered/action", R"("send")"},
        Place{"/operations/Main.send.really/reply/messages",
              R"([{"$ref":"#/channels/Main/messages/really.ack"}])"}));

// Rules are those of what is sent to the server.
INSTANTIATE_TEST_SUITE_P(
    Rules, AsyncApiPlace,
    ::testing::Values(
        Place{"/components/schemas/OrderInput/properties/note",
              R"({"type":["string","null"],"maxLength":200})"},
        Place{"/components/schemas/Order/properties/note", R"({"type":"string"})"},
        Place{"/components/schemas/OrderInput/properties/pieces",
              R"({"type":["integer","null"],"format":"int64","minimum":1,"maximum":99})"},
        Place{"/components/schemas/OrderInput/required", R"(["item","ordered","picture"])"},
        Place{"/components/schemas/Order/required", R"(["item","ordered","picture","pieces"])"},
        Place{"/components/schemas/Card/properties/number/pattern", R"("^[0-9/]+$")"},
        Place{"/components/schemas/Cash/properties/amount/exclusiveMinimum", "0"},
        Place{"/components/schemas/ShapesInput/properties/byte",
              R"({"type":"integer","minimum":0,"maximum":255})"},
        Place{"/components/schemas/ShapesInput/properties/list/maxItems", "3"},
        Place{"/components/schemas/ShapesInput/properties/choice/enum", R"(["a","b"])"},
        Place{"/components/schemas/ShapesInput/properties/sizes/items",
              R"({"$ref":"#/components/schemas/Size"})"},
        Place{"/components/schemas/Size/enum", R"(["small","LARGE"])"},
        Place{"/components/schemas/Refusal/properties/ok/const", "false"},
        Place{"/components/schemas/Shapes/properties/payment/oneOf/0/allOf/0/properties/kind/const",
              R"("card")"}));

class OpenApiPlace : public ::testing::TestWithParam<Place> {};
TEST_P(OpenApiPlace, Says) {
  EXPECT_EQ(json::stringify(at(openapi(), GetParam().pointer)), GetParam().json);
}

INSTANTIATE_TEST_SUITE_P(
    Routes, OpenApiPlace,
    ::testing::Values(
        Place{"/openapi", R"("3.1.0")"},
        // One that is not taken by the handler is in the path all the same.
        Place{"/paths/~1items~1{id}~1of~1{shelf}/get/parameters/0",
              R"({"name":"id","in":"path","required":true,"schema":{"type":"integer","format":"int64"}})"},
        Place{"/paths/~1items~1{id}~1of~1{shelf}/get/parameters/1",
              R"({"name":"shelf","in":"path","required":true,"schema":{"type":"string"}})"},
        Place{"/paths/~1items/get/parameters/0/name", R"("text")"},
        Place{
            "/paths/~1items/get/parameters/1",
            R"({"name":"size","in":"query","required":true,"schema":{"$ref":"#/components/schemas/Size"}})"},
        Place{"/paths/~1items/get/parameters/2/name", R"("page")"},
        Place{"/paths/~1items/post/requestBody/content/application~1json/schema/$ref",
              R"("#/components/schemas/OrderInput")"},
        Place{"/paths/~1items/post/responses/201/content/application~1json/schema/$ref",
              R"("#/components/schemas/Order")"},
        Place{"/paths/~1items~1{id}/delete/responses/204/content", "null"},
        Place{"/paths/~1items~1{id}~1picture/post/requestBody/content/multipart~1form-data/schema",
              R"({"type":"object"})"},
        Place{"/paths/~1items~1watch/get/responses/200/content/text~1event-stream/schema/$ref",
              R"("#/components/schemas/Item")"},
        Place{"/paths/~1items~1page/get/responses/200/content/text~1plain/schema", R"({"type":"string"})"},
        Place{"/paths/~1items/get/responses/default/content/application~1json/schema/$ref",
              R"("#/components/schemas/Refusal")"},
        Place{"/paths/~1items/get/operationId", R"("Items_all")"}));

TEST(OpenApi, HasTheApplicationsPrefixAndVersions) {
  gateway::RouteSettings settings;
  settings.prefix = "api";
  settings.versioning = VersioningOptions{.default_versions = {"1"}};
  auto const document = parsed(contract::to_openapi(contract_of<contract_shop::ShopModule>(settings)));
  EXPECT_TRUE(document["paths"]["/api/v1/items"].is_object());
}

}  // namespace contract_document_cases
