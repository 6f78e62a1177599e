#include "gateway/container.hpp"

#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/gateway.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace container_cases {

using namespace aerie;
using gateway::Container;
using gateway::StartError;

/// What is built and destroyed, in order.
struct Diary {
  std::vector<std::string> lines;
};

template <int Id>
struct Noted {
  explicit Noted(Diary& given) : diary(given) { diary.lines.push_back("+" + std::to_string(Id)); }
  ~Noted() { diary.lines.push_back("-" + std::to_string(Id)); }
  Noted(Noted const&) = delete;
  Diary& diary;
};

struct Store : Noted<1> {
  using Noted::Noted;
};
struct Service {
  Service(Store& given, Diary& diary) : store(given), noted(diary) {}
  Store& store;
  Noted<2> noted;
};
struct Front {
  Front(Service& given, Diary& diary) : service(given), noted(diary) {}
  Service& service;
  Noted<3> noted;
};

/// The error that stops the start of a module; empty if there is none.
template <class Root>
std::string start_error() {
  try {
    Container container(gateway::module_reference<Root>(), {});
    container.build();
  } catch (StartError const& error) {
    return error.what();
  }
  return "";
}

template <class T>
T& get(Container& container) {
  return *static_cast<T*>(container.find_anywhere(gateway::type_id<T>()));
}

// --- Order

TEST(Container, BuildsWhatIsNeededFirstAndDestroysInReverse) {
  static Diary diary;
  struct Root {
    static void describe(Module& m) {
      m.provides<Front>().provides<Service>().provides<Store>().provides_reference(diary);
    }
  };
  {
    Container container(gateway::module_reference<Root>(), {});
    container.build();
    EXPECT_EQ(&get<Front>(container).service.store, &get<Store>(container));
  }
  EXPECT_EQ(diary.lines, (std::vector<std::string>{"+1", "+2", "+3", "-3", "-2", "-1"}));
}

// --- Kinds of providers

struct Shape {
  virtual ~Shape() = default;
  virtual std::string name() const = 0;
};
struct Square : Shape {
  std::string name() const override { return "square"; }
};
struct Sized {
  explicit Sized(int given) : size(given) {}
  int size;
};
struct Settings {
  int size = 7;
};

TEST(Container, ProvidesInterfacesFactoriesAndValues) {
  struct Root {
    static void describe(Module& m) {
      m.provides<Shape, Square>().provides_value(Settings{9});
      m.provides<Sized>([](Settings const& settings) { return Sized(settings.size); });
      m.provides<std::string>([](Shape& shape) { return std::make_unique<std::string>(shape.name()); });
    }
  };
  Container container(gateway::module_reference<Root>(), {});
  container.build();
  EXPECT_EQ(get<Shape>(container).name(), "square");
  EXPECT_EQ(get<Sized>(container).size, 9);
  EXPECT_EQ(get<std::string>(container), "square");
}

TEST(Container, RefusesAFactoryThatReturnsNothing) {
  struct Root {
    static void describe(Module& m) {
      m.provides<Shape>([] { return std::unique_ptr<Shape>(); });
    }
  };
  EXPECT_EQ(start_error<Root>(), "aerie: the factory of Shape returned nothing");
}

TEST(Container, ReplacesProvidersWhereTheyAreOverridden) {
  struct Root {
    static void describe(Module& m) {
      m.provides_value(Settings{1});
      m.provides<Sized>([](Settings& settings) { return Sized(settings.size); });
    }
  };
  gateway::Overrides overrides;
  overrides.providers[gateway::type_id<Settings>()] = {
      gateway::type_id<Settings>(), gateway::type_id<Settings>(), [](gateway::Resolver&) {
        return gateway::Instance{std::make_shared<Settings>(Settings{5}), {}};
      }};
  Container container(gateway::module_reference<Root>(), {}, std::move(overrides));
  container.build();
  EXPECT_EQ(get<Sized>(container).size, 5);
}

// --- What cannot be built

struct NeedsShape {
  explicit NeedsShape(Shape&) {}
};
struct NeedsNeedsShape {
  explicit NeedsNeedsShape(NeedsShape&) {}
};

TEST(Container, NamesTheChainToAMissingProvider) {
  struct Root {
    static void describe(Module& m) { m.provides<NeedsNeedsShape>().provides<NeedsShape>(); }
  };
  EXPECT_EQ(
      start_error<Root>(),
      "aerie: NeedsNeedsShape → NeedsShape → Shape: no provider; add m.provides<Shape>() to Root or import "
      "a module that exports it");
}

struct Hen;
struct Egg {
  explicit Egg(Hen&) {}
};
struct Hen {
  explicit Hen(Egg&) {}
};

TEST(Container, NamesACycle) {
  struct Root {
    static void describe(Module& m) { m.provides<Hen>().provides<Egg>(); }
  };
  EXPECT_EQ(
      start_error<Root>(),
      "aerie: Hen → Egg → Hen: these need each other; break the cycle with a factory, or move what both "
      "need into a class of its own");
}

TEST(Container, RefusesAProviderThatIsThereTwice) {
  struct Root {
    static void describe(Module& m) { m.provides_value(Settings{}).provides_value(Settings{}); }
  };
  EXPECT_EQ(start_error<Root>(), "aerie: a module provides Settings twice; remove one of them");
}

struct Lobby {
  static void describe(Gateway<Lobby>&) {}
};

TEST(Container, RefusesAGatewayOfTwoModules) {
  struct Other {
    static void describe(Module& m) { m.gateways<Lobby>(); }
  };
  struct Root {
    static void describe(Module& m) { m.imports<Other>().gateways<Lobby>(); }
  };
  EXPECT_EQ(
      start_error<Root>(),
      "aerie: Lobby is a gateway of both Other and Root, and would handle every message twice; list it in "
      "one of them");
}

// --- Imports and exports

struct PrivateModule {
  static void describe(Module& m) { m.provides<Shape, Square>(); }
};
struct ShapeModule {
  static void describe(Module& m) { m.provides<Shape, Square>().exports<Shape>(); }
};

TEST(Container, KeepsProvidersPrivateThatAreNotExported) {
  struct Root {
    static void describe(Module& m) { m.imports<PrivateModule>().provides<NeedsShape>(); }
  };
  EXPECT_EQ(
      start_error<Root>(),
      "aerie: NeedsShape → Shape: Shape is private to PrivateModule; let PrivateModule export it, and Root "
      "import PrivateModule");
}

TEST(Container, SaysWhichModuleWouldHaveToBeImported) {
  struct Feature {
    static void describe(Module& m) { m.provides<NeedsShape>(); }
  };
  struct Root {
    static void describe(Module& m) { m.imports<Feature, ShapeModule>(); }
  };
  EXPECT_EQ(start_error<Root>(),
            "aerie: NeedsShape → Shape: Shape is private to ShapeModule; let Feature import ShapeModule");
}

TEST(Container, SaysWhoWouldHaveToExportAModuleThatWasImportedWithOptions) {
  struct Options {
    static DynamicModule with(int) {
      return dynamic_module<ShapeModule>([](Module&) {});
    }
  };
  struct Importer {
    static void describe(Module& m) { m.imports(Options::with(1)); }
  };
  struct Feature {
    static void describe(Module& m) { m.provides<NeedsShape>(); }
  };
  struct Beside {
    static void describe(Module& m) { m.imports<Importer, Feature>(); }
  };
  EXPECT_EQ(start_error<Beside>(),
            "aerie: NeedsShape → Shape: Shape is private to ShapeModule; let Importer export ShapeModule, "
            "and Feature "
            "import Importer");
  struct Above {
    static void describe(Module& m) { m.imports<Feature>().imports(Options::with(2)); }
  };
  EXPECT_EQ(start_error<Above>(),
            "aerie: NeedsShape → Shape: Shape is private to ShapeModule; import it with its options in a "
            "module of its "
            "own that exports it, and let Feature import that");
}

TEST(Container, SharesWhatIsExported) {
  struct Left {
    static void describe(Module& m) { m.imports<ShapeModule>().provides<NeedsShape>(); }
  };
  struct Root {
    static void describe(Module& m) { m.imports<Left, ShapeModule>().provides<NeedsNeedsShape>(); }
  };
  struct Good {
    static void describe(Module& m) { m.imports<Left, ShapeModule>().provides<NeedsShape>(); }
  };
  EXPECT_EQ(start_error<Good>(), "");
  EXPECT_NE(start_error<Root>(), "");
}

TEST(Container, ExportsAgainWhatItImports) {
  struct WholeModule {
    static void describe(Module& m) { m.imports<ShapeModule>().exports<ShapeModule>(); }
  };
  struct OneProvider {
    static void describe(Module& m) { m.imports<WholeModule>().exports<WholeModule>(); }
  };
  struct Root {
    static void describe(Module& m) { m.imports<OneProvider>().provides<NeedsShape>(); }
  };
  EXPECT_EQ(start_error<Root>(), "");
}

TEST(Container, RefusesToExportWhatItDoesNotHave) {
  struct Root {
    static void describe(Module& m) { m.exports<Shape>(); }
  };
  EXPECT_EQ(start_error<Root>(), "aerie: Root exports Shape, which it neither provides nor imports");
}

TEST(Container, ShowsWhatAGlobalModuleExportsToAll) {
  struct Everywhere {
    static void describe(Module& m) { m.provides<Shape, Square>().exports<Shape>().global(); }
  };
  struct Feature {
    static void describe(Module& m) { m.provides<NeedsShape>(); }
  };
  struct Root {
    static void describe(Module& m) { m.imports<Feature, Everywhere>(); }
  };
  EXPECT_EQ(start_error<Root>(), "");
}

struct StoreModule {
  static void describe(Module& m) { m.exports<Settings>(); }
  static DynamicModule for_root(Settings settings) {
    return dynamic_module<StoreModule>([settings](Module& m) { m.provides_value(settings); });
  }
};

TEST(Container, BuildsDynamicModulesWithTheirSettings) {
  struct Root {
    static void describe(Module& m) {
      m.imports(StoreModule::for_root({42}));
      m.provides<Sized>([](Settings& settings) { return Sized(settings.size); });
    }
  };
  Container container(gateway::module_reference<Root>(), {});
  container.build();
  EXPECT_EQ(get<Sized>(container).size, 42);
}

struct ModuleB;
struct ModuleA {
  static void describe(Module& m);
};
struct ModuleB {
  static void describe(Module& m) { m.imports<ModuleA>(); }
};
void ModuleA::describe(Module& m) {
  m.imports<ModuleB>();
}

TEST(Container, NamesModulesThatImportEachOther) {
  EXPECT_EQ(
      start_error<ModuleA>(),
      "aerie: modules import each other: ModuleA → ModuleB → ModuleA; move what both need into a module of "
      "its own");
}

// --- Hooks

struct Hooked {
  void on_module_init() {}
  Task<void> on_application_shutdown(std::string_view) { co_return; }
};

TEST(Container, KnowsTheHooksOfWhatItHasBuilt) {
  struct Root {
    static void describe(Module& m) { m.provides<Hooked>().provides_value(Settings{}); }
  };
  Container container(gateway::module_reference<Root>(), {});
  container.build();
  auto const hooks = container.hooks();
  ASSERT_EQ(hooks.size(), 2U);
  EXPECT_TRUE(hooks[0].hooks->module_init);
  EXPECT_TRUE(hooks[0].hooks->shutdown);
  EXPECT_FALSE(hooks[0].hooks->before_shutdown);
  EXPECT_FALSE(hooks[1].hooks->module_init);
}

}  // namespace container_cases
