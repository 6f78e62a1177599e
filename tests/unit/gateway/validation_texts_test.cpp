// A message that is right is read without a tree in between, which nobody can tell: each is sent to two
// routes that differ in a pipe which changes nothing, but is given a tree.

#include "unit/gateway/application_fixture.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace validation_texts_cases {

using namespace aerie;
using test::ApplicationOnAClock;

struct Untouched {
  Value transform(Value value) { return value; }
};

struct Place {
  std::string town;
  static void describe(Schema<Place>& s) { s.field<&Place::town>().min_length(2); }
};

struct Parcel {
  std::string to;
  std::uint64_t number = 0;
  std::optional<double> weight;
  int floor = 3;
  std::vector<std::string> marks;
  Place place;

  static void describe(Schema<Parcel>& s) {
    s.field<&Parcel::to>().is_string().is_alphanumeric();
    s.field<&Parcel::number>().minimum(1);
    s.field<&Parcel::weight>().is_positive();
    s.field<&Parcel::floor>().optional();
    s.field<&Parcel::marks>().array_max_size(2).max_length(4).each();
    s.field<&Parcel::place>();
  }
};

/// Answers with the payload as it came, too.
struct WithPayload {
  Task<Reply> intercept(ExecutionContext& context, CallHandler& next) {
    auto reply = co_await next();
    co_return std::move(reply).map([&](ReplyItem item) {
      return ReplyItem(Value::array({item.to_value(), context.payload()}));
    });
  }
};

class ParcelGateway {
 public:
  static void describe(Gateway<ParcelGateway>& g) {
    add(g, "plain", {});
    add(g, "typed", {.whitelist = true, .transform = true});
    add(g, "strict", {.whitelist = true, .forbid_non_whitelisted = true});
    add(g, "implicit", {.transform = true, .enable_implicit_conversion = true});
    add(g, "first", {.stop_at_first_error = true, .skip_null_properties = true});
    g.on<&ParcelGateway::take>("text seen").use<ValidationPipe>().use<WithPayload>();
    g.on<&ParcelGateway::take>("tree seen").use<ValidationPipe>().use<WithPayload>().use<Untouched>();
    g.on<&ParcelGateway::take>("text twice").use<ValidationPipe>(removing).use<ValidationPipe>(refusing);
    g.on<&ParcelGateway::take>("tree twice")
        .use<ValidationPipe>(removing)
        .use<Untouched>()
        .use<ValidationPipe>(refusing);
  }

 private:
  static inline ValidationPipeOptions const removing{.whitelist = true};
  static inline ValidationPipeOptions const refusing{.whitelist = true, .forbid_non_whitelisted = true};

  static void add(Gateway<ParcelGateway>& g, std::string const& name, ValidationPipeOptions const& options) {
    g.on<&ParcelGateway::take>("text " + name).use<ValidationPipe>(options);
    g.on<&ParcelGateway::take>("tree " + name).use<ValidationPipe>(options).use<Untouched>();
  }
  Parcel take(Parcel const& parcel) { return parcel; }
};

struct ParcelModule {
  static void describe(Module& m) { m.gateways<ParcelGateway>(); }
};

// A right parcel with one member changed, left out or added, and what is no parcel.
std::vector<std::string> parcels() {
  std::vector<std::pair<std::string, std::vector<std::string>>> const members{
      {"to", {R"("Ada")", R"("\u0041")", R"("A b")", R"("\ud800")", "1", "null", "[]"}},
      {"number", {"1", "0", "2.0", "1.5", R"("1")", "18446744073709551615", "18446744073709551616", "null"}},
      {"weight", {"0.5", "null", "1e400", "-1", R"("1")", "true"}},
      {"floor", {"4", "null", "4000000000", R"("4")"}},
      {"marks", {R"(["a"])", "[]", R"(["a","b","c"])", R"(["abcde"])", "[1]", R"("a")", "null"}},
      {"place",
       {R"({"town":"Ulm"})", R"({"town":"U"})", R"({"town":"Ulm","x":[{}]})", "{}", "[]", "null", "1"}}};
  std::vector<std::string> all{"{}", "null", "[]", "5", R"("text")"};
  auto const parcel_with = [&](std::size_t changed, std::string const& value, std::string const& more = {}) {
    std::string text;
    for (std::size_t i = 0; i < members.size(); ++i) {
      auto const& chosen = i == changed ? value : members[i].second.front();
      if (!chosen.empty())
        text.append(text.empty() ? "" : ",").append("\"" + members[i].first + "\":" + chosen);
    }
    return "{" + text + more + "}";
  };
  for (std::size_t i = 0; i < members.size(); ++i) {
    all.push_back(parcel_with(i, ""));
    for (auto const& value : members[i].second) {
      all.push_back(parcel_with(i, value));
      all.push_back(parcel_with(i, value, R"(,"x":{"to":[1]})"));
      all.push_back(parcel_with(i, members[i].second.front(), ",\"" + members[i].first + "\":" + value));
    }
  }
  return all;
}

TEST(ValidationPipeOfTexts, AnswersAsWithATreeBetween) {
  ApplicationOnAClock<ParcelModule> server;
  auto client = server.client();
  std::size_t accepted = 0;
  std::size_t refused = 0;
  for (std::string const name : {"plain", "typed", "strict", "implicit", "first", "seen", "twice"}) {
    for (auto const& parcel : parcels()) {
      auto const answer_of = [&](std::string const& way) {
        client.send("21[\"" + way + " " + name + "\"," + parcel + "]");
        auto answer = client.take_text();
        auto const at = answer.find(way + " " + name);
        return at == std::string::npos ? answer : answer.replace(at, way.size(), "");
      };
      auto const answer = answer_of("text");
      EXPECT_EQ(answer, answer_of("tree")) << name << " " << parcel;
      ++(answer.starts_with("31[") ? accepted : refused);
    }
  }
  EXPECT_GT(accepted, 200U);
  EXPECT_GT(refused, 200U);
}

}  // namespace validation_texts_cases
