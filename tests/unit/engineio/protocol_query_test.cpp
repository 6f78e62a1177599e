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

TEST(ProtocolQuery, TellsHowTheClientSpeaks) {
  struct Speech {
    std::string_view query;
    Protocol protocol;
    bool takes_binary;
    std::optional<std::string_view> function;
  };
  Speech const table[] = {
      {"EIO=4", Protocol::v4, true, std::nullopt},
      {"EIO=%34", Protocol::v4, true, std::nullopt},
      {"EIO=3", Protocol::v3, true, std::nullopt},
      {"", Protocol::v3, true, std::nullopt},
      {"EIO=4&b64=1", Protocol::v4, false, std::nullopt},
      {"EIO=3&b64=", Protocol::v3, true, std::nullopt},
      {"EIO=4&j=7", Protocol::v4, false, "7"},
      {"EIO=3&j=", Protocol::v3, false, ""},
      {"EIO=3&j", Protocol::v3, false, ""},
      {"EIO=3&J=1&B64=1", Protocol::v3, true, std::nullopt},
  };
  for (auto const& row : table) {
    ProtocolQuery const query(row.query);
    EXPECT_EQ(query.dialect().protocol, row.protocol) << row.query;
    EXPECT_EQ(query.dialect().takes_binary, row.takes_binary) << row.query;
    EXPECT_EQ(query.function(), row.function) << row.query;
  }
}

}}  // namespace aerie::engineio
