#include <aerie/client/url.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace client { namespace test {

TEST(ClientUrl, ReadsWhatTheOfficialClientReads) {
  struct Case {
    std::string_view text;
    bool secure;
    std::string_view host;
    int port;
    std::string_view nsp;
    std::string_view query;
    std::string_view authority;
  };
  for (auto const& each : std::vector<Case>{
           {"http://localhost:3000", false, "localhost", 3000, "/", "", "localhost:3000"},
           {"https://example.com/admin?token=a=b&c", true, "example.com", 443, "/admin", "token=a=b&c",
            "example.com"},
           {"ws://example.com/", false, "example.com", 80, "/", "", "example.com"},
           {"WSS://example.com:443", true, "example.com", 443, "/", "", "example.com"},
           {"example.com", true, "example.com", 443, "/", "", "example.com"},
           {"localhost:3000/chat", true, "localhost", 3000, "/chat", "", "localhost:3000"},
           {"http://[::1]:3000/a/b", false, "::1", 3000, "/a/b", "", "[::1]:3000"},
           {"http://[::1]", false, "::1", 80, "/", "", "[::1]"},
           {"http://example.com?a=1", false, "example.com", 80, "/", "a=1", "example.com"},
           {"http://example.com/x#part", false, "example.com", 80, "/x", "", "example.com"},
       }) {
    auto const url = Url::parse(each.text);
    EXPECT_EQ(url.secure, each.secure) << each.text;
    EXPECT_EQ(url.host, each.host) << each.text;
    EXPECT_EQ(url.port, each.port) << each.text;
    EXPECT_EQ(url.nsp, each.nsp) << each.text;
    EXPECT_EQ(url.query, each.query) << each.text;
    EXPECT_EQ(url.authority(), each.authority) << each.text;
  }
}

TEST(ClientUrl, RefusesWhatIsNoneWithoutShowingIt) {
  for (auto const& text : std::vector<std::string>{
           "", "http://", "/namespace", "ftp://example.com", "http://example.com:0",
           "http://example.com:65536", "http://example.com:12a", "http://[::1", "http://[::1]x",
           "http://user:secret@example.com", "http://example.com/with space", "http://exa\r\nmple.com",
           "http://example.com/" + std::string(9000, 'x')}) {
    try {
      static_cast<void>(Url::parse(text));
      ADD_FAILURE() << text << " was taken";
    } catch (std::invalid_argument const& error) {
      EXPECT_EQ(std::string_view(error.what()).find("secret"), std::string_view::npos);
    }
  }
}

}}}}  // namespace aerie::v1::client::test
