#pragma once

#include <aerie/gateway/gateways.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bench {

enum class Size { small, medium, large };

inline void describe(aerie::EnumSchema<Size>& s) {
  s.value<Size::small>().value<Size::medium>().value<Size::large>();
}

/// A message of seven fields with their rules: what gateways and controllers are measured with.
struct Order {
  std::string customer;
  std::string item;
  std::int64_t quantity = 0;
  Size size = Size::medium;
  bool express = false;
  std::vector<std::string> extras;
  std::optional<std::string> note;

  static void describe(aerie::Schema<Order>& s) {
    s.field<&Order::customer>().is_string().is_alphanumeric();
    s.field<&Order::item>().is_string().length(1, 64);
    s.field<&Order::quantity>().is_int().minimum(1).maximum(100);
    s.field<&Order::size>().is_enum();
    s.field<&Order::express>().is_bool();
    s.field<&Order::extras>().is_array().array_max_size(8).is_string().each();
    s.field<&Order::note>().optional().is_string().max_length(200);
  }
};

struct Receipt {
  std::string item;
  std::int64_t quantity = 0;

  static void describe(aerie::Schema<Receipt>& s) {
    s.field<&Receipt::item>();
    s.field<&Receipt::quantity>();
  }
};

inline Receipt place(Order const& order) {
  return {order.item, order.quantity};
}

}  // namespace bench
