#include "engineio/protocol_query.hpp"

#include <gtest/gtest.h>

namespace aerie::engineio { namespace {

struct Row {
  std::string_view query;
  std::string_view transport;
  std::string_view sid;
  std::string_view version;
};

TEST(ProtocolQuery, FindsWhatTheProtocolIsAbout) {
  Row const table[] = {
      {"", "", "", ""},
      {"EIO=4&transport=polling&sid=abc&t=x", "polling", "abc", "4"},
      {"EIO=3&EIO=4", "", "", "4"},
      {"sid=a&sid=", "", "", ""},
      {"%73id=a%2Bb&transport=a+b", "a b", "a+b", ""},
      {"eio=4&Transport=x&SID=y", "", "", ""},
      {"&&=&EIO&transport=poll%69ng&", "polling", "", ""},
      {"sid=%zz", "", "%zz", ""},
  };
  for (auto const& row : table) {
    ProtocolQuery const query(row.query);
    EXPECT_EQ(query.transport(), row.transport) << row.query;
    EXPECT_EQ(query.sid(), row.sid) << row.query;
    EXPECT_EQ(query.version(), row.version) << row.query;
  }
}

}}  // namespace aerie::engineio
