#include <aerie/gateway/gateways.hpp>
#include <aerie/testing.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { namespace application_layers_cases {

using Lines = std::vector<std::string>;

struct Diary {
  Lines lines;
};

/// A guard, an interceptor and a pipe that say when their turn is.
class Says {
 public:
  struct Options {
    std::string who;
  };
  explicit Says(Options const& options) : who_(options.who) {}

  void attach(gateway::Resolver& resolver) { diary_ = &resolver.get<Diary>(); }
  bool can_activate(ExecutionContext&) {
    diary_->lines.push_back("guard " + who_);
    return true;
  }
  Task<Reply> intercept(ExecutionContext&, CallHandler& next) {
    diary_->lines.push_back("interceptor " + who_);
    auto reply = co_await next();
    co_return reply;
  }
  Value transform(Value value) {
    diary_->lines.push_back("pipe " + who_);
    return value;
  }

 private:
  std::string who_;
  Diary* diary_ = nullptr;
};

class TalkGateway {
 public:
  static void describe(Gateway<TalkGateway>& g) {
    g.use<Says>({"class"});
    g.on<&TalkGateway::hear>().use<Says>({"handler"});
  }

 private:
  void hear(Value const&) {}
};

struct DiaryModule {
  static void describe(Module& m) { m.provides<Diary>().exports<Diary>().global(); }
};
struct DeepModule {
  static void describe(Module& m) { m.use_everywhere<Says>({"deep"}); }
};
struct FirstModule {
  static void describe(Module& m) { m.imports<DeepModule>().use_everywhere<Says>({"first"}); }
};
struct SecondModule {
  static void describe(Module& m) {
    m.use_everywhere<Says>({"second"});
    m.use_everywhere<Says>({"of requests"}).only(ContextType::http);
  }
};
struct RootModule {
  static void describe(Module& m) {
    m.imports<DiaryModule, FirstModule, SecondModule>().gateways<TalkGateway>();
    m.use_everywhere<Says>({"root"});
  }
};

testing::Application start(NestjsVersion nestjs) {
  return testing::create<RootModule>()
      .options({.nestjs_compatibility = nestjs})
      .configure([](Application& app) {
        app.use<Says>({"application"});
        app.use<Says>({"of messages"}).only(ContextType::ws);
      })
      .start();
}

Lines each(std::string_view kind, Lines const& names) {
  Lines lines;
  for (auto const& name : names)
    lines.push_back(std::string(kind) + " " + name);
  return lines;
}

Lines operator+(Lines left, Lines const& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

TEST(ApplicationLayers, ThoseOfModulesRunBeforeTheApplications) {
  auto app = start(NestjsVersion::v12);
  app.connect().emit("hear", 1);
  Lines const order{"root", "first", "deep", "second", "application", "of messages", "class", "handler"};
  EXPECT_EQ(app.get<Diary>().lines, each("guard", order) + each("interceptor", order) + each("pipe", order));
  EXPECT_FALSE(app.has_logged("nestjs_compatibility"));
}

TEST(ApplicationLayers, ThoseOfNestjs11LeaveGatewaysOutButForGuards) {
  auto app = start(NestjsVersion::v11);
  app.connect().emit("hear", 1);
  Lines const guards{"root", "first", "deep", "second", "application", "of messages", "class", "handler"};
  Lines const others{"of messages", "class", "handler"};
  EXPECT_EQ(app.get<Diary>().lines,
            each("guard", guards) + each("interceptor", others) + each("pipe", others));
  EXPECT_TRUE(
      app.has_logged("Says is for all of the application, but with nestjs_compatibility v11 no message "
                     "passes such pipes and interceptors"));
}

}}  // namespace aerie::application_layers_cases
