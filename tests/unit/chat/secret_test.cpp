#include "auth/secret.hpp"

#include "unit/chat/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace chat::test { namespace {

using std::filesystem::perms;

class SecretTest : public ::testing::Test {
 public:
  std::string complaint(std::optional<std::string> const& given = {}) const {
    return complaint_of([&] { load_secret(given, file); });
  }

  TemporaryDirectory directory;
  std::filesystem::path file = secret_file_of(directory.file("chat.db"));
};

TEST_F(SecretTest, LiesBesideTheDatabase) {
  EXPECT_EQ(file, directory.file("chat.db.secret"));
}

TEST_F(SecretTest, AGivenOneIsUsedAndNotKept) {
  std::string const given(32, 's');
  EXPECT_EQ(load_secret(given, file), given);
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(SecretTest, AShortOneIsRefusedWithTheRemedy) {
  for (auto const& short_one : {std::string(), std::string(31, 's')}) {
    EXPECT_NE(complaint(short_one).find("openssl rand -hex 32"), std::string::npos) << complaint(short_one);
  }
}

TEST_F(SecretTest, OneIsMadeAndKeptForItsOwnerAlone) {
  auto const made = load_secret({}, file);
  EXPECT_GE(made.size(), 32U);
  EXPECT_EQ(load_secret({}, file), made);
  EXPECT_EQ(std::filesystem::status(file).permissions(), perms::owner_read | perms::owner_write);
  auto const entries = std::distance(std::filesystem::directory_iterator(file.parent_path()), {});
  EXPECT_EQ(entries, 1) << "nothing else is left behind";
}

TEST_F(SecretTest, EachIsAnother) {
  EXPECT_NE(load_secret({}, file), load_secret({}, secret_file_of(directory.file("other.db"))));
}

TEST_F(SecretTest, OneThatOthersCanReadIsRefused) {
  load_secret({}, file);
  std::filesystem::permissions(file, perms::group_read, std::filesystem::perm_options::add);
  EXPECT_NE(complaint().find("chmod 600"), std::string::npos) << complaint();
}

TEST_F(SecretTest, AnEmptyFileIsRefused) {
  write_file(file, "");
  std::filesystem::permissions(file, perms::owner_read);
  EXPECT_NE(complaint(), "");
}

TEST_F(SecretTest, ADirectoryThatIsNotThereIsNamed) {
  auto const text = complaint_of([&] { load_secret({}, directory.file("missing/secret")); });
  EXPECT_NE(text.find("make its directory writable, or set JWT_SECRET"), std::string::npos) << text;
}

}}  // namespace chat::test
