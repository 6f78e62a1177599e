#include <aerie/gateway/config.hpp>

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace dotenv_cases {

using aerie::Environment;

struct Case {
  std::string_view text;
  Environment variables;
};

// What npm's dotenv 16 makes of these texts.
std::vector<Case> const cases = {
    {"A=1", {{"A", "1"}}},
    {" A = 1 ", {{"A", "1"}}},
    {"export A=1", {{"A", "1"}}},
    {"export\tA=1", {{"A", "1"}}},
    {"exportA=1", {{"exportA", "1"}}},
    {"export=1", {{"export", "1"}}},
    {"A: 1", {{"A", "1"}}},
    {"A:1", {}},
    {"A : 1", {}},
    {"# c\nA=1 # c", {{"A", "1"}}},
    {"A=1#c", {{"A", "1"}}},
    {"A='1 # c' # d", {{"A", "1 # c"}}},
    {"A=\"1\\n2\"", {{"A", "1\n2"}}},
    {"A='1\\n2'", {{"A", "1\\n2"}}},
    {"A=`1\\n2`", {{"A", "1\\n2"}}},
    {"A=\"x\ny\nz\"\nB=2", {{"A", "x\ny\nz"}, {"B", "2"}}},
    {"A='x\ny'\nB=2", {{"A", "x\ny"}, {"B", "2"}}},
    {"A=\"x", {{"A", "\"x"}}},
    {"A=\"x\nB=2", {{"A", "\"x"}, {"B", "2"}}},
    {"A='x' y", {{"A", "'x' y"}}},
    {"A=\"x\" y\nB=1", {{"A", "\"x\" y"}, {"B", "1"}}},
    {"A=", {{"A", ""}}},
    {"A=\nB=2", {{"A", ""}, {"B", "2"}}},
    {"A=\"\" ", {{"A", ""}}},
    {"A=''", {{"A", ""}}},
    {"A=\"\"", {{"A", ""}}},
    {"A=\"a\\\"b\"", {{"A", "a\\\"b"}}},
    {"A='a\\'b'", {{"A", "a\\'b"}}},
    {"A='a\\'", {{"A", "a\\"}}},
    {"A=\"a\"b\"", {{"A", "a\"b"}}},
    {"A=a\"b\"", {{"A", "a\"b\""}}},
    {"A= \"  sp  \" ", {{"A", "  sp  "}}},
    {"A=  sp  ", {{"A", "sp"}}},
    {"A=a=b", {{"A", "a=b"}}},
    {"A-B.C_1=x", {{"A-B.C_1", "x"}}},
    {"1=x", {{"1", "x"}}},
    {"=x", {}},
    {"A", {}},
    {"A B=1", {}},
    {"a b", {}},
    {"A=1\r\nB=2\r\n", {{"A", "1"}, {"B", "2"}}},
    {"A=1\rB=2", {{"A", "1"}, {"B", "2"}}},
    {"A=\"1\r\n2\"", {{"A", "1\n2"}}},
    {"\n\n  A=1\n\n", {{"A", "1"}}},
    {"A=1\nA=2", {{"A", "2"}}},
    {"A=\\n", {{"A", "\\n"}}},
    {"A=a\\nb", {{"A", "a\\nb"}}},
    {"A=\"'x'\"", {{"A", "'x'"}}},
    {"A='\"x\"'", {{"A", "\"x\""}}},
    {"A=x # \"y\"", {{"A", "x"}}},
    {"A=\"x # y\"", {{"A", "x # y"}}},
    {"A=\"x\" # \"y\"", {{"A", "x"}}},
    {"A=\"x\" \"y\"", {{"A", "x\" \"y"}}},
    {"A='x' 'y'", {{"A", "x' 'y"}}},
    {"A= # c", {{"A", ""}}},
    {"A=#c", {{"A", ""}}},
    {"A=\tx\t", {{"A", "x"}}},
    {"A=`\"x'`", {{"A", "\"x'"}}},
    {"A=\"\\r\\t\"", {{"A", "\r\\t"}}},
    {"A='\n'", {{"A", "\n"}}},
    {"A=\"a\\\\nb\"", {{"A", "a\\\nb"}}},
    {"A=\"one\\\"\ntwo\"\nB=3", {{"A", "one\\\"\ntwo"}, {"B", "3"}}},
    {"A=\" # x", {{"A", "\""}}},
    {"export  A  =  'b'  #c", {{"A", "b"}}},
    {"A =1", {{"A", "1"}}},
    {"A= 1", {{"A", "1"}}},
    {"#A=1", {}},
    {" # A=1", {}},
    {"A=é", {{"A", "é"}}},
    {"A=\"x\"y\"", {{"A", "x\"y"}}},
    {"A='x\"", {{"A", "'x\""}}},
    {"A=\"x'", {{"A", "\"x'"}}},
    {"A=x\"", {{"A", "x\""}}},
    {".A=1", {{".A", "1"}}},
    {"A$=1", {}},
    {"A=1\n B=2\n\tC=3", {{"A", "1"}, {"B", "2"}, {"C", "3"}}},
    {"A=\"1\"\nB", {{"A", "1"}}},
    {"A=1 \n", {{"A", "1"}}},
    {"A:\t'x'", {{"A", "x"}}},
    {"A:", {}},
    {"A: ", {{"A", ""}}},
    {"A=`x\n`", {{"A", "x\n"}}},
    {"A=\"{\n  \\\"k\\\": 1\n}\"", {{"A", "{\n  \\\"k\\\": 1\n}"}}},
};

TEST(EnvFile, IsReadAsDotenvReadsIt) {
  for (auto const& [text, variables] : cases)
    EXPECT_EQ(aerie::parse_env_file(text), variables) << text;
}

TEST(EnvFile, MayBeginWithAByteOrderMark) {
  EXPECT_EQ(aerie::parse_env_file("\xef\xbb\xbfPORT=1"), (Environment{{"PORT", "1"}}));
}

TEST(EnvFile, NeedsNeitherKeyNorLineToBeValid) {
  EXPECT_EQ(aerie::parse_env_file("{\"a\": 1}\n]]\n=x\nPORT=1"), (Environment{{"PORT", "1"}}));
}

}  // namespace dotenv_cases
