#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/injection.hpp>
#include <aerie/gateway/module.hpp>

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace injection_cases {

using namespace aerie;
using gateway::type_id;
using gateway::TypeId;

struct Clockwork {
  int ticks = 5;
};
struct Store {
  virtual ~Store() = default;
  virtual int size() const = 0;
};
struct MemoryStore : Store {
  int size() const override { return 3; }
};

/// Finds objects that the test has put in.
class Shelf final : public gateway::Resolver {
 public:
  template <class T>
  void put(std::shared_ptr<T> object) {
    objects_[type_id<T>()] = std::move(object);
  }
  void* resolve(TypeId type) override {
    auto const found = objects_.find(type);
    if (found == objects_.end()) throw gateway::StartError(std::string(type->name));
    return found->second.get();
  }
  void* resolve_on_demand(TypeId type, gateway::Provider const&) override { return resolve(type); }
  std::shared_ptr<void> find(TypeId type) override {
    auto const found = objects_.find(type);
    return found == objects_.end() ? nullptr : found->second;
  }

 private:
  std::map<TypeId, std::shared_ptr<void>> objects_;
};

class InjectionTest : public ::testing::Test {
 protected:
  InjectionTest() {
    shelf.put(std::make_shared<Clockwork>());
    shelf.put<Store>(std::make_shared<MemoryStore>());
  }
  Shelf shelf;
};

struct Service {
  Service(Clockwork& clockwork_given, Store const& store_given)
      : clockwork(clockwork_given), store(store_given) {}
  Service(Service const&) = delete;
  Clockwork& clockwork;
  Store const& store;
};

TEST_F(InjectionTest, ReadsDependenciesOffTheConstructor) {
  auto const service = gateway::make_injected<Service>(shelf);
  EXPECT_EQ(&service->clockwork, &shelf.get<Clockwork>());
  EXPECT_EQ(service->store.size(), 3);
}

struct Single {
  explicit Single(Store& given) : store(given) {}
  Store& store;
};

TEST_F(InjectionTest, DoesNotTakeTheCopyConstructorForOne) {
  EXPECT_EQ(gateway::make_injected<Single>(shelf)->store.size(), 3);
}

struct Alone {};

TEST_F(InjectionTest, MakesWhatNeedsNothing) {
  EXPECT_NE(gateway::make_injected<Alone>(shelf), nullptr);
}

struct Several {
  using inject = aerie::inject<Store>;
  Several() = default;
  explicit Several(Clockwork&) : chosen("clockwork") {}
  explicit Several(Store&) : chosen("store") {}
  std::string chosen = "none";
};

TEST_F(InjectionTest, LetsATypeSayWhichConstructor) {
  EXPECT_EQ(gateway::make_injected<Several>(shelf)->chosen, "store");
}

TEST_F(InjectionTest, NamesWhatIsMissing) {
  struct Needs {
    explicit Needs(std::string&) {}
  };
  EXPECT_THROW(gateway::make_injected<Needs>(shelf), gateway::StartError);
}

TEST_F(InjectionTest, PrefersWhatIsProvidedToAnObjectOfOnesOwn) {
  EXPECT_EQ(shelf.find_or_make<Clockwork>().get(), &shelf.get<Clockwork>());
  EXPECT_NE(shelf.find_or_make<Single>(), nullptr);
}

// A type that cannot be injected is refused by a sentence at compile time (tests/compile_errors),
// which is decided by these.

struct ByValue {
  explicit ByValue(Clockwork) {}
};
struct Ambiguous {
  explicit Ambiguous(Clockwork&) {}
  Ambiguous(Clockwork&, Store&) {}
};

static_assert(gateway::detail::next_arity<Service, 0>() == 2);
static_assert(gateway::detail::next_arity<ByValue, 0>() == gateway::detail::no_arity);
static_assert(gateway::detail::next_arity<Ambiguous, 0>() == 1);
static_assert(gateway::detail::next_arity<Ambiguous, 2>() == 2);

TEST(TypeId, IsOnePerTypeWhateverItsReferencesAndConst) {
  EXPECT_EQ(type_id<Store>(), type_id<Store const&>());
  EXPECT_NE(type_id<Store>(), type_id<MemoryStore>());
  EXPECT_EQ(type_id<Store>()->name, "Store");
  EXPECT_TRUE(type_id<std::vector<Store>>()->name.starts_with("vector<"));
}

}  // namespace injection_cases
