#include "unit/contract/shop.hpp"

#include <aerie/contract/serve.hpp>
#include <aerie/testing.hpp>

#include <gtest/gtest.h>

#include <string>

namespace aerie { namespace contract_serve_cases {

class NewsGateway {
 public:
  static void describe(Gateway<NewsGateway>& g) {
    g.description("News & <views>.").auth<contract_shop::Token>();
    g.emits<contract_shop::Tree>("news", "What is new.").on<&NewsGateway::ask>("ask");
  }

 private:
  std::string ask(std::string const& question) { return question; }
};

class DocsController {
 public:
  static void describe(Controller<DocsController>& c) { c.at("/papers").get<&DocsController::all>(); }

 private:
  std::vector<std::string> all() { return {}; }
};

struct NewsModule {
  static void describe(Module& m) { m.gateways<NewsGateway>().controllers<DocsController>(); }
};

testing::Application start(std::string path) {
  return testing::create<NewsModule>()
      .configure([&](Application& app) { serve_contract<NewsModule>(app, path); })
      .start();
}

TEST(ServeContract, ServesAPageAndTheDocumentsBesideIt) {
  auto app = start("/docs/");
  auto http = app.http();
  auto const page = http.get("/docs");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
  for (auto const* const part : {"News &amp; &lt;views&gt;.", "<code>news</code>", "What is new.",
                                 "GET /papers", "<code>Tree</code>", "children: Tree[];"})
    EXPECT_NE(page.body.find(part), std::string::npos) << part;
  auto const contract = contract_of<NewsModule>();
  EXPECT_EQ(http.get("/docs/contract.ts").body, contract::to_typescript(contract));
  EXPECT_EQ(http.get("/docs/asyncapi.json").body, contract::to_asyncapi(contract));
  EXPECT_EQ(http.get("/docs/openapi.json").body, contract::to_openapi(contract));
}

TEST(ServeContract, HasNothingInItsPageThatRunsOrComesFromElsewhere) {
  auto app = start("/docs");
  auto const page = app.http().get("/docs");
  EXPECT_EQ(page.header("content-security-policy"), "default-src 'none'; style-src 'unsafe-inline'");
  for (auto const* const part : {"<script", "http://", "https://", "src="})
    EXPECT_EQ(page.body.find(part), std::string::npos) << part;
}

TEST(ServeContract, DoesNotStartWhereSomethingIsAlready) {
  auto app = testing::create<NewsModule>().configure([](Application& application) {
    serve_contract<NewsModule>(application);
    EXPECT_THROW(serve_contract<NewsModule>(application), gateway::StartError);
  });
  EXPECT_NO_THROW(static_cast<void>(app.start()));
}

}}  // namespace aerie::contract_serve_cases
