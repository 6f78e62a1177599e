#pragma once

#include <aerie/gateway/gateways.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reference::lab {

struct UserDto {
  std::string name;
  std::int64_t age = 0;
  std::optional<bool> admin;
  std::optional<std::string> tag;
  std::optional<std::string> kind;

  static void describe(aerie::Schema<UserDto>& s);
};

struct ItemDto {
  std::string name;
  std::int64_t qty = 0;

  static void describe(aerie::Schema<ItemDto>& s);
};

enum class Color { red, green };

void describe(aerie::EnumSchema<Color>& e);

struct OrderDto {
  std::string email;
  std::vector<ItemDto> items;
  std::optional<Color> color;

  static void describe(aerie::Schema<OrderDto>& s);
};

}  // namespace reference::lab
