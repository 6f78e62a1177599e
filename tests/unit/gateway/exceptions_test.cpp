#include <aerie/gateway/exceptions.hpp>
#include <aerie/schema/codec.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace exceptions_cases {

using namespace aerie;

TEST(HttpException, HasTheBodyOfNestjs) {
  struct Case {
    HttpException error;
    std::string_view body;
  };
  HttpExceptionOptions const taken{.error_code = "NAME_TAKEN"};
  auto const own = Value::object({{"why", "so"}});
  Case const cases[] = {
      {ConflictException("taken"), R"({"message":"taken","error":"Conflict","statusCode":409})"},
      {ConflictException("taken", taken),
       R"({"message":"taken","error":"Conflict","statusCode":409,"errorCode":"NAME_TAKEN"})"},
      {ConflictException({}, taken), R"({"message":"Conflict","statusCode":409,"errorCode":"NAME_TAKEN"})"},
      {ConflictException(Value::array({"a", "b"}), taken),
       R"({"message":["a","b"],"error":"Conflict","statusCode":409,"errorCode":"NAME_TAKEN"})"},
      // An object is the whole body.
      {ConflictException(own, taken), R"({"why":"so"})"},
      {HttpException(418, "short and stout", taken),
       R"({"statusCode":418,"message":"short and stout","errorCode":"NAME_TAKEN"})"},
      {HttpException(418, own, taken), R"({"why":"so"})"},
      {HttpException::of(422, "no", taken),
       R"({"message":"no","error":"Unprocessable Entity","statusCode":422,"errorCode":"NAME_TAKEN"})"},
  };
  for (auto const& each : cases)
    EXPECT_EQ(json::stringify(each.error.body()), each.body);
  EXPECT_EQ(ConflictException("taken", taken).error_code(), "NAME_TAKEN");
  EXPECT_EQ(ConflictException("taken").error_code(), "");
}

}  // namespace exceptions_cases
