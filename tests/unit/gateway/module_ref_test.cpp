#include <aerie/gateway/gateways.hpp>
#include <aerie/testing.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { namespace module_ref_cases {

using gateway::StartError;
using Lines = std::vector<std::string>;

struct Diary {
  Lines lines;
};

struct Metrics {
  int counted = 0;
};

// --- Dependencies that may be missing

struct Mailer {
  explicit Mailer(Optional<Metrics> const& given) : metrics(given) {}
  Optional<Metrics> metrics;
};
struct MetricsModule {
  static void describe(Module& m) { m.provides<Metrics>().exports<Metrics>(); }
};
struct WithoutMetrics {
  static void describe(Module& m) { m.provides<Mailer>(); }
};
struct WithMetrics {
  static void describe(Module& m) { m.imports<MetricsModule>().provides<Mailer>(); }
};
struct PrivateMetrics {
  static void describe(Module& m) { m.provides<Metrics>(); }
};
struct BesideMetrics {
  static void describe(Module& m) { m.imports<PrivateMetrics>().provides<Mailer>(); }
};

TEST(OptionalProvider, IsThereWhereItIsVisibleAndNothingElsewhere) {
  auto without = testing::create<WithoutMetrics>().start();
  EXPECT_FALSE(without.get<Mailer>().metrics);
  EXPECT_EQ(without.get<Mailer>().metrics.get(), nullptr);
  auto with = testing::create<WithMetrics>().start();
  ASSERT_TRUE(with.get<Mailer>().metrics);
  EXPECT_EQ(with.get<Mailer>().metrics.get(), &with.get<Metrics>());
  auto beside = testing::create<BesideMetrics>().start();
  EXPECT_FALSE(beside.get<Mailer>().metrics) << "it is private to another module";
}

// --- One for each who asks

struct Buffer {
  explicit Buffer(Diary& given) : diary(given) { diary.lines.emplace_back("+buffer"); }
  ~Buffer() { diary.lines.emplace_back("-buffer"); }
  Buffer(Buffer const&) = delete;
  Diary& diary;
};
struct Printer {
  Printer(Buffer& given, Diary& diary_of_all) : buffer(given), diary(diary_of_all) {}
  ~Printer() { diary.lines.emplace_back("-printer"); }
  Printer(Printer const&) = delete;
  Buffer& buffer;
  Diary& diary;
};
struct Plotter {
  explicit Plotter(Buffer& given) : buffer(given) {}
  Buffer& buffer;
};
struct Office {
  explicit Office(ModuleRef& given) : module(given) {}
  ModuleRef& module;
};
struct OfficeModule {
  static void describe(Module& m) {
    m.provides<Diary>().transient<Buffer>().provides<Printer>().provides<Plotter>().provides<Office>();
  }
};

TEST(TransientProvider, IsMadeForEachWhoAsks) {
  auto app = testing::create<OfficeModule>().start();
  EXPECT_NE(&app.get<Printer>().buffer, &app.get<Plotter>().buffer);
  EXPECT_EQ(app.get<Diary>().lines, (Lines{"+buffer", "+buffer"}));
  EXPECT_THROW(app.get<Buffer>(), StartError);
}

TEST(TransientProvider, LivesAsLongAsWhoHasAsked) {
  auto diary = std::make_shared<Diary>();
  {
    auto app = testing::create<OfficeModule>().override_provider<Diary>([diary] { return diary; }).start();
    diary->lines.clear();
  }
  // The printer is destroyed before what it was given.
  EXPECT_EQ(diary->lines, (Lines{"-buffer", "-printer", "-buffer"}));
}

// --- Asked for late

struct Poster {
  Poster(Buffer& given, Printer& known) : buffer(given), printer(known) {}
  Buffer& buffer;
  Printer& printer;
};

TEST(ModuleRef, FindsWhatIsVisibleAndMakesWhatIsAskedFor) {
  auto app = testing::create<OfficeModule>().start();
  auto& module = app.get<Office>().module;
  EXPECT_EQ(&module.get<Printer>(), &app.get<Printer>());
  EXPECT_EQ(module.find<Metrics>(), nullptr);
  EXPECT_THROW(module.get<Metrics>(), StartError);
  EXPECT_THROW(module.get<Buffer>(), StartError) << "everybody has one of their own";
  EXPECT_THROW(static_cast<void>(module.resolve<Printer>()), StartError) << "there is one for all";

  auto& lines = app.get<Diary>().lines;
  lines.clear();
  {
    auto const buffer = module.resolve<Buffer>();
    auto const poster = module.create<Poster>();
    EXPECT_EQ(&poster->printer, &app.get<Printer>());
    EXPECT_NE(&poster->buffer, buffer.get());
    EXPECT_EQ(lines, (Lines{"+buffer", "+buffer"}));
  }
  EXPECT_EQ(lines, (Lines{"+buffer", "+buffer", "-buffer", "-buffer"}));
}

// --- Modules that are built late

struct Reports {
  Reports(Metrics& given, Diary& of_all) : metrics(given), diary(of_all) {
    diary.lines.emplace_back("+reports");
  }
  ~Reports() { diary.lines.emplace_back("-reports"); }
  Reports(Reports const&) = delete;
  void on_module_destroy() { diary.lines.emplace_back("reports end"); }
  Metrics& metrics;
  Diary& diary;
};
struct DiaryModule {
  static void describe(Module& m) { m.provides<Diary>().exports<Diary>().global(); }
};
struct ReportsModule {
  static void describe(Module& m) { m.imports<MetricsModule>().provides<Reports>().exports<Reports>(); }
};
struct Desk {
  explicit Desk(LazyModules& given) : lazy(given) {}
  LazyModules& lazy;
};
struct EarlyDesk {
  explicit EarlyDesk(LazyModules& lazy) { lazy.load<ReportsModule>(); }
};
struct DeskModule {
  static void describe(Module& m) { m.imports<DiaryModule, MetricsModule>().provides<Desk>(); }
};
struct EarlyModule {
  static void describe(Module& m) { m.imports<DiaryModule>().provides<EarlyDesk>(); }
};
class LateGateway {
 public:
  static void describe(Gateway<LateGateway>& g) { g.on<&LateGateway::hear>(); }
  void hear() {}
};
struct LateGatewayModule {
  static void describe(Module& m) { m.gateways<LateGateway>(); }
};
struct Broken {
  explicit Broken(Desk&) {}
};
struct BrokenModule {
  static void describe(Module& m) { m.provides<Broken>(); }
};
struct OfReports {
  explicit OfReports(Reports& given) : reports(given) {}
  Reports& reports;
};
struct ThirdModule {
  static void describe(Module& m) { m.imports<ReportsModule>().provides<OfReports>(); }
};

TEST(LazyModules, AreBuiltWhenTheyAreLoadedAndShareWhatIsThere) {
  auto app = testing::create<DeskModule>().start();
  auto& lines = app.get<Diary>().lines;
  auto& lazy = app.get<Desk>().lazy;
  EXPECT_EQ(lines, Lines());
  auto& module = lazy.load<ReportsModule>();
  EXPECT_EQ(lines, Lines{"+reports"});
  EXPECT_EQ(&module.get<Reports>().metrics, &app.get<Metrics>());
  EXPECT_EQ(&lazy.load<ReportsModule>(), &module);
  EXPECT_EQ(lines, Lines{"+reports"}) << "it is built once";
  EXPECT_EQ(lazy.load<MetricsModule>().find<Reports>(), nullptr) << "that of the application";
  lines.clear();
  app.close();
  EXPECT_EQ(lines, Lines{"reports end"});
}

TEST(LazyModules, RefuseWhatTheStartWouldRefuse) {
  auto app = testing::create<DeskModule>().start();
  auto& lazy = app.get<Desk>().lazy;
  auto const error_of = [&](auto load) -> std::string {
    try {
      load();
    } catch (StartError const& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(
      error_of([&] { lazy.load<LateGatewayModule>(); }),
      "aerie: LateGatewayModule is loaded late, but LateGatewayModule has gateways, controllers or layers "
      "for everywhere, which are bound when the application starts; let a module import it that is there "
      "from the start");
  EXPECT_EQ(error_of([&] { lazy.load<BrokenModule>(); }),
            "aerie: Broken → Desk: Desk is private to DeskModule; let DeskModule export it, and BrokenModule "
            "import DeskModule");
  EXPECT_EQ(
      error_of([&] { static_cast<void>(testing::create<EarlyModule>().start()); }),
      "aerie: ReportsModule is loaded late before the application has started; import it, or load it from "
      "on_module_init on");
  // What was refused leaves nothing behind.
  auto& reports = lazy.load<ReportsModule>().get<Reports>();
  EXPECT_EQ(&lazy.load<ThirdModule>().get<OfReports>().reports, &reports)
      << "shared with what was loaded before";
}

}}  // namespace aerie::module_ref_cases
