#include "lab/dtos.hpp"

namespace reference::lab {

void UserDto::describe(aerie::Schema<UserDto>& s) {
  s.field<&UserDto::name>().is_string().length(2, 8);
  s.field<&UserDto::age>().is_int().minimum(0).maximum(150);
  s.field<&UserDto::admin>().is_bool();
  s.field<&UserDto::tag>().matches("^[a-z]+$");
  s.field<&UserDto::kind>().one_of({"a", "b"});
}

void ItemDto::describe(aerie::Schema<ItemDto>& s) {
  s.field<&ItemDto::name>().is_string();
  s.field<&ItemDto::qty>().is_int().minimum(1);
}

void describe(aerie::EnumSchema<Color>& e) {
  e.value<Color::red>().value<Color::green>();
}

void OrderDto::describe(aerie::Schema<OrderDto>& s) {
  s.field<&OrderDto::email>().is_email();
  s.field<&OrderDto::items>().is_array().array_max_size(2).nested();
  s.field<&OrderDto::color>().is_enum();
}

}  // namespace reference::lab
