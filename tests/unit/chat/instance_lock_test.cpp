#include "store/instance_lock.hpp"

#include "unit/chat/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

namespace chat::test { namespace {

class InstanceLockTest : public ::testing::Test {
 public:
  std::filesystem::path file() const { return directory.file("chat.db"); }
  TemporaryDirectory directory;
};

TEST_F(InstanceLockTest, ASecondInstanceIsRefusedAndToldOfPostgresql) {
  InstanceLock const first(file());
  auto const text = complaint_of([&] { InstanceLock second(file()); });
  EXPECT_NE(text.find("another aerie-chat uses the database"), std::string::npos) << text;
  EXPECT_NE(text.find("--db postgres://"), std::string::npos) << text;
}

TEST_F(InstanceLockTest, ByWhateverNameTheFileGoes) {
  InstanceLock const first(file());
  std::filesystem::create_symlink(directory.file(""), directory.file("elsewhere"));
  write_file(file(), "");
  std::filesystem::create_symlink(file(), directory.file("another.db"));
  for (auto const& name :
       {directory.file("elsewhere/chat.db"), directory.file("./chat.db"), directory.file("another.db")}) {
    EXPECT_NE(complaint_of([&] { InstanceLock second(name); }), "") << name;
  }
  EXPECT_EQ(complaint_of([&] { InstanceLock other(directory.file("other.db")); }), "");
}

TEST_F(InstanceLockTest, TheNextOneStartsWhenTheFirstHasEnded) {
  std::optional<InstanceLock> first(file());
  InstanceLock moved(std::move(*first));
  first.reset();
  EXPECT_NE(complaint_of([&] { InstanceLock second(file()); }), "");
  { InstanceLock const ends(std::move(moved)); }
  EXPECT_EQ(complaint_of([&] { InstanceLock second(file()); }), "");
}

TEST_F(InstanceLockTest, TheLockOfAKilledInstanceIsGone) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  auto const process = ::fork();
  if (process == 0) {
    InstanceLock const lock(file());
    [[maybe_unused]] auto const told = ::write(ready[1], "x", 1);
    ::pause();
    ::_exit(0);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_NE(complaint_of([&] { InstanceLock second(file()); }), "");
  ::kill(process, SIGKILL);
  ::waitpid(process, nullptr, 0);
  EXPECT_EQ(complaint_of([&] { InstanceLock second(file()); }), "");
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(InstanceLockTest, ADirectoryThatIsNotThereIsNamed) {
  auto const text = complaint_of([&] { InstanceLock lock(directory.file("missing/chat.db")); });
  EXPECT_NE(text.find("check that its directory exists"), std::string::npos) << text;
}

}}  // namespace chat::test
