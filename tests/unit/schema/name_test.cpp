#include <aerie/schema/name.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lab {
struct Reading {
  int value_2 = 0;
  std::string Unit_{};
  void take(int) {}
  int given() const noexcept { return value_2; }
};
template <class T>
struct Sample : Reading {
  T taken{};
};
enum class Color { red };
enum Unscoped { plain };
namespace {
struct Hidden {
  int member = 0;
};
}  // namespace
}  // namespace lab

struct Global {
  int member = 0;
};
enum UnscopedGlobal { at_the_top };

namespace aerie { namespace {

TEST(Name, OfMembers) {
  static_assert(name_of<&lab::Reading::value_2>() == "value_2");
  static_assert(name_of<&lab::Reading::Unit_>() == "Unit_");
  static_assert(name_of<&lab::Reading::take>() == "take");
  static_assert(name_of<&lab::Reading::given>() == "given");
  static_assert(name_of<&lab::Sample<std::vector<int>>::taken>() == "taken");
  static_assert(name_of<&lab::Sample<int>::value_2>() == "value_2");
  static_assert(name_of<&lab::Hidden::member>() == "member");
  EXPECT_EQ(name_of<&Global::member>(), "member");
}

TEST(Name, OfEnumerators) {
  static_assert(name_of<lab::Color::red>() == "red");
  static_assert(name_of<lab::plain>() == "plain");
  EXPECT_EQ(name_of<at_the_top>(), "at_the_top");
}

TEST(Name, IsNothingWhereTheCompilerWritesNoIdentifier) {
  using detail::last_identifier;
  using detail::signature_with_constant;
  static_assert(last_identifier(signature_with_constant<static_cast<lab::Color>(7)>()).empty());
  static_assert(last_identifier(signature_with_constant<7>()).empty());
  // No part of a name is taken for the name.
  static_assert(last_identifier({"[Constant = &Room::gr\xc3\xb6sse]", 28}).empty());
  EXPECT_EQ(last_identifier({"[Constant = &Room::size]", 24}), "size");
}

TEST(Name, OfTypes) {
  using detail::qualified_type_name;
  EXPECT_EQ(detail::written_type<lab::Reading>(), "lab::Reading");
  EXPECT_EQ(detail::written_type<int>(), "int");
  EXPECT_EQ(detail::written_type<lab::Sample<lab::Color>>(), "lab::Sample<lab::Color>");
  EXPECT_EQ(qualified_type_name<lab::Reading>(), "lab::Reading");
  EXPECT_EQ(qualified_type_name<lab::Sample<lab::Sample<int>>>(), "lab::Sample");
  EXPECT_EQ(qualified_type_name<Global>(), "Global");
  EXPECT_EQ(detail::without_namespaces(qualified_type_name<lab::Hidden>()), "Hidden");
  EXPECT_EQ(detail::without_namespaces("Global"), "Global");
}

}}  // namespace aerie
